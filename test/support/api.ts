import { adminToken } from './apps.js';
import { demo } from './accounts.js';

export interface TimelineItem {
  id: string;
  kind: string;
  type: string;
  channel?: string;
  thread?: string;
  author?: { kind: string; name?: string | null };
  delivery?: string | null;
  at: string;
  late?: boolean;
  text?: string | null;
  attachments?: { kind: string; url: string | null; name: string | null }[];
  subject?: string;
  fullText?: string;
  call?: {
    id: string;
    state: string;
    answered: boolean;
    talkSeconds: number | null;
    recordingUrl: string | null;
  } | null;
  from?: string;
  to?: string;
  conversationId: string | null;
  personId: string | null;
}

export interface Person {
  id: string;
  formerIds: string[];
  name: string | null;
  identifiers: { id: string; type: string; value: string; class: string; level: string }[];
  conversations: { id: string; state: string }[];
}

export interface Conversation {
  id: string;
  state: string;
  personId: string;
  channels: string[];
  segments: { channel: string; thread: string; linkedBy: string | null }[];
  clock: { waitingSince: string | null; stage: string; stoppedBy: string | null; stoppedAt: string | null };
  items: TimelineItem[];
}

export interface Why {
  steps: {
    from: { type: string };
    to: { type: string };
    kind: string;
    level: string;
    rule: string;
    evidenceId: string;
  }[];
  rejected: unknown[];
}

/** The API of a stack's core, as the admin of one tenant. */
export class Api {
  constructor(
    private readonly url: string,
    private readonly tenant: string = demo.tenant,
  ) {}

  get<T>(path: string): Promise<T> {
    return this.call<T>('GET', path);
  }

  post<T>(path: string, body: unknown, headers: Record<string, string> = {}): Promise<T> {
    return this.call<T>('POST', path, body, headers);
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return this.call<T>('PATCH', path, body);
  }

  /** Sends customers of a CRM, one a line. */
  import(records: readonly object[]): Promise<{ jobId: string }> {
    const lines = records.map((record) => JSON.stringify(record)).join('\n');
    return this.call('POST', '/v1/identities/import', lines, { 'content-type': 'application/x-ndjson' });
  }

  /** Ids of the people that an identifier may be. */
  async peopleOf(type: string, value: string, scope?: string): Promise<string[]> {
    const query = scope ? `?scope=${encodeURIComponent(scope)}` : '';
    const path = `/v1/identifiers/${type}/${encodeURIComponent(value)}${query}`;
    const { people } = await this.get<{ people: { id: string }[] }>(path);
    return people.map(({ id }) => id);
  }

  person = (id: string) => this.get<Person>(`/v1/people/${id}`);
  why = (id: string) => this.get<Why>(`/v1/people/${id}/why`);
  conversation = (id: string) => this.get<Conversation>(`/v1/conversations/${id}`);

  /** The whole timeline, page by page, oldest first. */
  async timeline(personId: string): Promise<TimelineItem[]> {
    const items: TimelineItem[] = [];
    let cursor: string | null = null;
    do {
      const more: string = cursor ? `&cursor=${encodeURIComponent(cursor)}` : '';
      const page: { items: TimelineItem[]; next: string | null } = await this.get(
        `/v1/people/${personId}/timeline?limit=100${more}`,
      );
      items.push(...page.items);
      cursor = page.next;
    } while (cursor);
    return items.reverse();
  }

  private async call<T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<T> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${adminToken}`,
        'x-tenant': this.tenant,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(20_000),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return JSON.parse(text) as T;
  }
}
