import { counter, gauge } from '@lienmach/platform';

const taken = counter(
  'lienmach_spool_taken_total',
  'Requests that were kept in the spool, because the broker was away.',
);
const sent = counter('lienmach_spool_sent_total', 'Requests of the spool that the broker has since acknowledged.');
const waiting = gauge('lienmach_spool_waiting', 'Requests in the spool.');
const bytes = gauge('lienmach_spool_bytes', 'Bytes of the requests in the spool.');

/** What the spool of a process says of itself. */
export const spoolMetrics = {
  taken: (requests: number): void => taken.inc(requests),
  sent: (requests: number): void => sent.inc(requests),
  holds(requests: number, size: number): void {
    waiting.set(requests);
    bytes.set(size);
  },
};
