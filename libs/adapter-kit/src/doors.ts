import type { LoggerService } from '@nestjs/common';
import type { RecordSender } from '@lienmach/kafka';
import type { ChannelDefinition, VendorDefinition } from './channel.js';
import { DoorAccounts, type AccountSource } from './door-accounts.js';
import { DoorHandler } from './door-handler.js';
import { DoorMetrics } from './door-metrics.js';

/** What the doors of a channel share. */
export interface DoorSurroundings {
  readonly accounts: AccountSource;
  readonly sender: RecordSender;
  readonly logger: LoggerService;
  /** Milliseconds since 1970; the system's clock by default. */
  readonly now?: () => number;
}

/** A handler for every door of a channel. */
export function doorHandlers(
  channel: ChannelDefinition,
  { accounts, sender, logger, now = Date.now }: DoorSurroundings,
): DoorHandler<object>[] {
  return channel.vendors.flatMap((vendor: VendorDefinition) => {
    const context = {
      accounts: new DoorAccounts(channel.name, vendor, accounts, logger),
      sender,
      logger,
      now,
      metrics: new DoorMetrics(vendor.name),
    };
    return vendor.doors.map((door) => new DoorHandler(door, context));
  });
}
