import { SetupError } from '../embedded/setup-error.js';
import { reach } from './doors.js';
import type { RunningStack } from './running-stack.js';

/** Parts of the API's shapes that the demo reads. */
export interface Identifier {
  id: string;
  type: string;
  scope: string | null;
  value: string;
  class: string;
}

export interface LookedUp {
  identifier: Identifier;
  people: { id: string; level: string }[];
}

export interface Person {
  id: string;
  formerIds: string[];
  identifiers: (Identifier & { level: string })[];
  conversations: { id: string; state: string }[];
}

export interface TimelineItem {
  kind: string;
  at: string;
  conversationId: string | null;
  channel?: string;
  thread?: string;
  direction?: string;
  text?: string | null;
  from?: string;
  to?: string;
  call?: {
    answered: boolean;
    state: string;
    ringSeconds: number | null;
    talkSeconds: number | null;
    agent: string | null;
    recordingUrl: string | null;
  } | null;
}

export interface Conversation {
  id: string;
  formerIds: string[];
  state: string;
  channels: string[];
  segments: { channel: string; linkedBy: string | null }[];
  clock: { waitingSince: string | null; stage: string; stoppedBy: string | null; stoppedAt: string | null };
}

export interface Tie {
  from: Identifier;
  to: Identifier;
  kind: string;
  level: string;
  at: string;
  rule: string;
  evidenceIds: string[];
  because?: string;
}

export interface Why {
  steps: Tie[];
  rejected: Tie[];
}

/** The calls of core's API that the demo makes. */
export class CoreApi {
  constructor(private readonly stack: RunningStack) {}

  lookUp({ type, scope, value }: Pick<Identifier, 'type' | 'scope' | 'value'>): Promise<LookedUp> {
    const query = scope === null ? '' : `?scope=${encodeURIComponent(scope)}`;
    return this.call('GET', `/v1/identifiers/${type}/${encodeURIComponent(value)}${query}`);
  }

  person(id: string): Promise<Person> {
    return this.call('GET', `/v1/people/${id}`);
  }

  /** Oldest first. */
  async timeline(id: string): Promise<TimelineItem[]> {
    const { items } = await this.call<{ items: TimelineItem[] }>('GET', `/v1/people/${id}/timeline?limit=50`);
    return items.reverse();
  }

  why(id: string): Promise<Why> {
    return this.call('GET', `/v1/people/${id}/why`);
  }

  conversation(id: string): Promise<Conversation> {
    return this.call('GET', `/v1/conversations/${id}`);
  }

  resolve(id: string, reason: string): Promise<{ actId: string }> {
    return this.call('POST', `/v1/conversations/${id}/resolve`, { reason });
  }

  private async call<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await reach(`${this.stack.core}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.stack.token}`,
        'x-tenant': this.stack.tenant,
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    if (!response.ok) throw new SetupError(`${method} ${path} answered ${response.status}: ${text.slice(0, 300)}`);
    return JSON.parse(text) as T;
  }
}
