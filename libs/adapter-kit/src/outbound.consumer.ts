import { Controller, type Type } from '@nestjs/common';
import { JSON_SCHEMAS, MalformedPayload, outboundTopic } from '@lienmach/contracts';
import { KafkaBatchHandler, ok, type BatchOutcome, type KafkaBatch, type KafkaRecord } from '@lienmach/kafka';
import { Ajv } from 'ajv';
import type { Command, OutboundRepository } from './outbound.repository.js';

const validate = new Ajv({ allErrors: false, strict: false, unicode: false, logger: false }).compile(
  JSON_SCHEMAS.reply,
);

/** Consumer group of the processes that send for a channel. */
export const outboundGroup = (channel: string): string => `adapter-${channel}-outbound`;

/**
 * From the topic into the table: a slow vendor holds up no partition. Nest wants a class, and each channel has a topic of its own.
 * @param wake called when something has come
 */
export function outboundConsumer(
  channel: string,
  repository: Pick<OutboundRepository, 'add'>,
  wake: () => void,
): Type<object> {
  @Controller()
  class OutboundConsumer {
    @KafkaBatchHandler({ topic: outboundTopic(channel), group: outboundGroup(channel) })
    async onBatch(batch: KafkaBatch): Promise<BatchOutcome> {
      const commands: Command[] = [];
      for (const record of batch.records) {
        try {
          commands.push(readCommand(record, channel));
        } catch (error) {
          if (!(error instanceof MalformedPayload)) throw error;
          await batch.deadLetter([{ record, stage: 'outbound', error }]);
        }
      }
      await repository.add(commands);
      if (commands.length > 0) wake();
      return ok;
    }
  }
  return OutboundConsumer;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** @throws MalformedPayload */
export function readCommand({ value }: Pick<KafkaRecord, 'value'>, channel: string): Command {
  let command: Partial<Command>;
  try {
    command = JSON.parse(String(value)) as Partial<Command>;
  } catch (error) {
    throw new MalformedPayload('the command is no JSON', { cause: error });
  }
  const { id, type, tenant, time, data } = command ?? {};
  if (type !== 'reply.requested') throw new MalformedPayload(`a command of the type ${String(type)} is not known`);
  if (!UUID.test(String(id)) || !tenant || Number.isNaN(Date.parse(String(time))))
    throw new MalformedPayload('the command has no id, tenant or time');
  if (!validate(data)) {
    const [error] = validate.errors ?? [];
    throw new MalformedPayload(`data${error?.instancePath ?? ''} ${error?.message ?? 'is not valid'}`);
  }
  if (data!.text === '' && !data!.attachments?.length)
    throw new MalformedPayload('the command has neither a text nor attachments');
  if (data!.channel !== channel) throw new MalformedPayload(`the command is for ${data!.channel}`);
  return command as Command;
}
