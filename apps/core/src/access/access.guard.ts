import { createParamDecorator, Injectable, SetMetadata, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { Problem } from '../api/problem.js';
import { ROLES, type Access, type Role } from './access.js';
import { AccessService } from './access.service.js';

type Request = FastifyRequest & { access?: Access };

const ALLOWED = 'lienmach:roles';

/** Roles that may call; without it every role may. */
export const Allow = (...roles: readonly Role[]) => SetMetadata(ALLOWED, roles);

/** Who asks: `@Caller() access: Access`. */
export const Caller = createParamDecorator(
  (_data: unknown, context: ExecutionContext): Access => context.switchToHttp().getRequest<Request>().access!,
);

@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly access: AccessService,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request>();
    const tenant = request.headers['x-tenant'];
    request.access = await this.access.authenticate(
      request.headers.authorization,
      typeof tenant === 'string' ? tenant : undefined,
    );
    const allowed =
      this.reflector.getAllAndOverride<readonly Role[] | undefined>(ALLOWED, [
        context.getHandler(),
        context.getClass(),
      ]) ?? ROLES;
    if (!allowed.includes(request.access.role)) {
      throw Problem.forbidden(`The role ${request.access.role} may not do that; ${allowed.join(', ')} may`);
    }
    return true;
  }
}
