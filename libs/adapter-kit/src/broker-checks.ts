import type { GatheringProducer } from '@lienmach/kafka';
import type { Health } from '@lienmach/platform';
import type { ChannelDefinition } from './channel.js';
import { isLongOutage } from './patient-sender.js';
import type { Spool } from './spool.js';

/**
 * Says of the broker and the spool what somebody has to know who passes requests on to this adapter: it can take them while the broker acknowledges, and again
 * when an outage has become so long that they are kept in the spool.
 * @param now milliseconds since 1970
 */
export function addBrokerChecks(
  health: Pick<Health, 'add'>,
  producer: Pick<GatheringProducer, 'state'>,
  spool: Pick<Spool, 'waiting' | 'isFull'> | undefined,
  { vendors }: Pick<ChannelDefinition, 'vendors'>,
  now: () => number = Date.now,
): void {
  const waits = (): string | undefined =>
    spool && spool.waiting > 0 ? `${spool.waiting} requests wait in the spool` : undefined;
  health.add('ready', 'broker', () => {
    const state = producer.state();
    if (state.status === 'connected') return undefined;
    if (spool && !spool.isFull) {
      if (spool.waiting > 0) return 'away, requests go into the spool';
      const isLong =
        state.status === 'failing' &&
        vendors.some(({ patienceSeconds }) => isLongOutage(patienceSeconds, state.since.getTime(), now()));
      if (isLong) return 'away, requests go into the spool';
    }
    throw new Error(state.status === 'failing' ? state.reason : state.status);
  });
  if (!spool) return;
  health.add('ready', 'spool', () => {
    if (spool.isFull) throw new Error(`full: ${waits()}`);
    return waits();
  });
}
