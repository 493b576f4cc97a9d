import { Injectable } from '@nestjs/common';
import type { Access } from '../access/access.js';
import { maskingFor } from '../access/masking.js';
import { page } from '../api/cursor.js';
import { TenantDatabase, type Transaction } from '../database/tenant-database.js';
import { PersonService } from '../identity/person.service.js';
import { itemEntry, switchEntry } from './timeline-entry.js';
import {
  boundsAfter,
  comparePositions,
  decodePosition,
  encodePosition,
  type TimelinePosition,
} from './timeline-position.js';
import { CHANNEL_SWITCH, type TimelineDto, type TimelineEntry, type TimelineQuery } from './timeline.dto.js';
import { TimelineRepository, type TimelineOf } from './timeline.repository.js';

type Placed = TimelinePosition & { readonly entry: TimelineEntry };

@Injectable()
export class TimelineService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly people: PersonService,
    private readonly timeline: TimelineRepository,
  ) {}

  ofPerson(access: Access, id: string, query: TimelineQuery): Promise<TimelineDto> {
    return this.database.read(access.tenant, async (transaction) =>
      this.entries(transaction, access, { person: await this.people.present(transaction, id) }, query),
    );
  }

  /** One page, newest first: items and the switches of channel between them. */
  async entries(
    transaction: Transaction,
    access: Access,
    of: TimelineOf,
    { cursor, limit, channel, kind }: TimelineQuery,
  ): Promise<TimelineDto> {
    const masking = maskingFor(access.role);
    const bounds = boundsAfter(decodePosition(cursor));
    const found: Placed[] = [];
    if (kind !== CHANNEL_SWITCH) {
      const rows = await this.timeline.items(transaction, of, bounds, { channel, kind }, limit + 1);
      for (const row of rows) found.push({ at: row.at, rank: 1, hash: row.hash, entry: itemEntry(row, masking) });
    }
    if (kind === undefined || kind === CHANNEL_SWITCH) {
      const rows = await this.timeline.switches(transaction, of, bounds, { channel }, limit + 1);
      for (const row of rows) found.push({ at: row.at, rank: 0, hash: row.id, entry: switchEntry(row) });
    }
    const { items, next } = page(found.sort(comparePositions), limit, encodePosition);
    return { items: items.map(({ entry }) => entry), next };
  }
}
