import type { LoggerService } from '@nestjs/common';
import type { BlobStore } from '@lienmach/blobs';
import type { RecordSender } from '@lienmach/kafka';
import type { ChannelDefinition, VendorDefinition, VendorServer } from './channel.js';
import { DoorAccounts, type AccountSource } from './door-accounts.js';
import { DoorHandler, type DoorContext } from './door-handler.js';
import { DoorMetrics } from './door-metrics.js';
import { PatientSender } from './patient-sender.js';
import type { Spool } from './spool.js';

/** What the doors of a channel share. */
export interface DoorSurroundings {
  readonly accounts: AccountSource;
  readonly sender: RecordSender;
  readonly logger: LoggerService;
  readonly blobs?: BlobStore;
  /** Takes what comes in a long outage of the broker; without it such requests are refused. */
  readonly spool?: Pick<Spool, 'waiting' | 'append'>;
  /** Milliseconds since 1970; the system's clock by default. */
  readonly now?: () => number;
}

/** A handler for every door of a channel that is a webhook. */
export function doorHandlers(channel: ChannelDefinition, surroundings: DoorSurroundings): DoorHandler<object>[] {
  return channel.vendors.flatMap((vendor: VendorDefinition) => {
    const context = contextOf(channel, vendor, surroundings);
    return vendor.doors.map((door) => new DoorHandler(door, context));
  });
}

/** The vendors of a channel that have a server or client of their own, each with the handler of what it takes in. */
export function serverHandlers(
  channel: ChannelDefinition,
  surroundings: DoorSurroundings,
): {
  readonly server: VendorServer<object>;
  readonly handler: DoorHandler<object>;
  readonly accounts: DoorAccounts<object>;
}[] {
  return channel.vendors.flatMap((vendor: VendorDefinition) => {
    if (!vendor.server) return [];
    const context = contextOf(channel, vendor, surroundings);
    const handler = new DoorHandler(vendor.server.door, context);
    return [{ server: vendor.server, handler, accounts: context.accounts }];
  });
}

function contextOf(
  channel: ChannelDefinition,
  vendor: VendorDefinition,
  { accounts, sender, logger, blobs, spool, now = Date.now }: DoorSurroundings,
): DoorContext<object> {
  return {
    accounts: new DoorAccounts(channel.name, vendor, accounts, logger),
    sender: spool ? new PatientSender(sender, spool, vendor.patienceSeconds, now) : sender,
    logger,
    blobs,
    now,
    metrics: new DoorMetrics(vendor.name),
  };
}
