import type { AriEvent } from './asterisk.payload.js';

/** Legs that are remembered: of a day of a busy switch. The oldest are forgotten first. */
const MOST = 50_000;

/**
 * Which call each channel belongs to. ARI's channels do not say it (they carry no Linkedid): the channel that begins a call names it, and what it dials are its
 * legs, as are channels that a transfer brings in.
 */
export class AriCalls {
  private readonly calls = new Map<string, string>();

  constructor(private readonly most = MOST) {}

  /** The call that an event is about; null where it is about none. Remembers what the event tells of its channels. */
  callOf({ type, channel, caller, joined, recording }: AriEvent): string | null {
    const id = caller?.id ?? channel?.id ?? recording?.channelId ?? null;
    if (id === null) return null;
    const call = this.calls.get(id) ?? id;
    const legs = type === 'Dial' && channel ? [channel, ...joined] : joined;
    for (const leg of legs) this.remember(leg.id, call);
    return call;
  }

  private remember(leg: string, call: string): void {
    if (leg === call) return;
    this.calls.delete(leg);
    this.calls.set(leg, call);
    if (this.calls.size > this.most) this.calls.delete(this.calls.keys().next().value!);
  }
}
