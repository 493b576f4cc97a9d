/** The usual Nest way: Express, the body as a validated DTO, a ClientKafka whose `emit` is awaited for each request. */
import 'reflect-metadata';
import { createHmac, timingSafeEqual } from 'node:crypto';
import {
  Body,
  Controller,
  Headers,
  HttpCode,
  Inject,
  Module,
  Post,
  Req,
  UnauthorizedException,
  ValidationPipe,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ClientKafka, ClientsModule, Transport } from '@nestjs/microservices';
import { Type } from 'class-transformer';
import { IsArray, IsInt, IsOptional, IsString, ValidateNested } from 'class-validator';
import { lastValueFrom } from 'rxjs';
import { converse, given } from './conversation.js';

const KAFKA = 'KAFKA';

class PartyDto {
  @IsString()
  id!: string;
}

class MessageDto {
  @IsString()
  mid!: string;

  @IsOptional()
  @IsString()
  text?: string;
}

class MessagingDto {
  @ValidateNested()
  @Type(() => PartyDto)
  sender!: PartyDto;

  @ValidateNested()
  @Type(() => PartyDto)
  recipient!: PartyDto;

  @IsInt()
  timestamp!: number;

  @ValidateNested()
  @Type(() => MessageDto)
  message!: MessageDto;
}

class EntryDto {
  @IsString()
  id!: string;

  @IsInt()
  time!: number;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => MessagingDto)
  messaging!: MessagingDto[];
}

class WebhookDto {
  @IsString()
  object!: string;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => EntryDto)
  entry!: EntryDto[];
}

@Controller()
class WebhookController {
  constructor(@Inject(KAFKA) private readonly client: ClientKafka) {}

  @Post('webhooks/facebook')
  @HttpCode(200)
  async receive(
    @Headers('x-hub-signature-256') signature: string | undefined,
    @Req() request: { rawBody?: Buffer },
    @Body() body: WebhookDto,
  ): Promise<void> {
    const expected = createHmac('sha256', given('BENCH_SECRET')).update(request.rawBody!).digest();
    const got = Buffer.from((signature ?? '').slice('sha256='.length), 'hex');
    if (got.length !== expected.length || !timingSafeEqual(got, expected)) throw new UnauthorizedException();
    const key = body.entry[0]!.messaging[0]!.sender.id;
    await lastValueFrom(this.client.emit(given('BENCH_TOPIC'), { key, value: body }));
  }
}

@Module({
  imports: [
    ClientsModule.register([
      {
        name: KAFKA,
        transport: Transport.KAFKA,
        options: {
          client: { brokers: [given('KAFKA_BROKERS')] },
          producerOnlyMode: true,
          producer: { allowAutoTopicCreation: false },
          send: { acks: -1 },
        },
      },
    ]),
  ],
  controllers: [WebhookController],
})
class UsualModule {}

const app = await NestFactory.create(UsualModule, { rawBody: true, logger: ['error'], abortOnError: false });
app.useGlobalPipes(new ValidationPipe({ whitelist: true, transform: true }));
await app.get<ClientKafka>(KAFKA).connect();
await app.listen(Number(given('BENCH_PORT')), '127.0.0.1');
converse();
