import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccessGuard } from './access.guard.js';
import { AccessService } from './access.service.js';
import { TokenController } from './token.controller.js';
import { TokenRepository } from './token.repository.js';

/** Tokens, and the guard before every controller. */
@Module({
  controllers: [TokenController],
  providers: [AccessService, TokenRepository, { provide: APP_GUARD, useClass: AccessGuard }],
})
export class AccessModule {}
