import { timingSafeEqual } from 'node:crypto';
import { deterministicId } from '@lienmach/contracts';
import type { EntityManager } from 'typeorm';
import { codeHash, codesTyped, confirmingAttempt, type Attempt } from '../confirmation/confirmation.rules.js';
import { oneTimeCodeEvidence } from '../identity/evidence.rules.js';
import type { Evidence } from '../identity/evidence.js';
import type { ToldEvidence } from './learning.service.js';
import type { PlacedEvent } from './placed-event.js';
import { SLACK_MS, TypedCodeRepository, type AttemptRow, type OpenCode } from './typed-code.repository.js';

/** What the messages of a batch prove, and whose people have to be computed anew beside. */
export interface Proven {
  readonly evidence: readonly ToldEvidence[];
  /** Identifiers of which something proven counts no more. */
  readonly disproven: readonly string[];
}

interface Typed {
  readonly tenant: string;
  readonly eventId: string;
  readonly claimantId: string;
  readonly at: number;
  readonly codes: readonly string[];
}

const NOTHING: Proven = { evidence: [], disproven: [] };

/**
 * Finds one-time codes that their customers typed (rule I3). What counts is the event time: the same messages prove the same, whatever comes first and however
 * often it comes.
 * @param events that are new
 * @param secretOf the tenant's
 */
export async function proveByCodes(
  manager: EntityManager,
  events: readonly PlacedEvent[],
  secretOf: (tenant: string) => Buffer,
): Promise<Proven> {
  const typed = events.flatMap(({ event, identifierId, at }): Typed[] => {
    const codes = identifierId === null ? [] : codesTyped(event);
    const { tenant, id: eventId } = event;
    return codes.length === 0 ? [] : [{ tenant, eventId, claimantId: identifierId!, at, codes }];
  });
  if (typed.length === 0) return NOTHING;
  const repository = new TypedCodeRepository(manager);
  const open = await repository.openTo(typed);
  const tried = typed.flatMap((one) => attemptsOf(one, open, secretOf(one.tenant)));
  if (tried.length === 0) return NOTHING;
  const news = new Set((await repository.store(tried)).map(nameOf));
  const all = await repository.attempts(open);
  const verdicts = open.map((code) =>
    verdictOn(
      code,
      all.filter((one) => isOf(one, code)),
      news,
    ),
  );
  const lost = verdicts.flatMap(({ lost: one }) => one ?? []);
  await repository.retract(
    lost.map(({ tenant, id, at }) => ({
      tenant,
      id: deterministicId('evidence', tenant, 'retraction', id),
      evidenceId: id,
      at,
      reason: 'other codes were typed before it',
    })),
  );
  return { evidence: verdicts.flatMap(({ won }) => won ?? []), disproven: lost.map(({ a }) => a) };
}

/** What is right for one code is no wrong guess at another that was sent to the same customer. */
function attemptsOf(
  { tenant, eventId, claimantId, at, codes }: Typed,
  open: readonly OpenCode[],
  secret: Buffer,
): AttemptRow[] {
  const tried = open
    .filter((one) => one.tenant === tenant && one.claimantId === claimantId)
    .filter((one) => one.at <= at + SLACK_MS && at <= one.expiresAt)
    .map(({ id, codeHash: hash }): AttemptRow => {
      const index = codes.findIndex((code) => timingSafeEqual(codeHash(secret, id, code), hash));
      return { tenant, confirmationId: id, eventId, at, codes: codes.length, correct: index < 0 ? null : index + 1 };
    });
  const right = tried.filter(({ correct }) => correct !== null);
  return right.length > 0 ? right : tried;
}

interface Verdict {
  readonly won?: ToldEvidence | undefined;
  readonly lost?: (Evidence & { readonly tenant: string }) | undefined;
}

/** A new attempt may prove something, or come before what seemed to. */
function verdictOn(code: OpenCode, attempts: readonly AttemptRow[], news: ReadonlySet<string>): Verdict {
  const before = confirmingAttempt(
    attempts.filter((one) => !news.has(nameOf(one))),
    code.guesses,
  );
  const now = confirmingAttempt(attempts, code.guesses);
  if (before?.eventId === now?.eventId) return {};
  const proof = ({ eventId, at }: Attempt) => ({
    ...oneTimeCodeEvidence({ confirmationId: code.id, eventId }, code.claimantId, code.identifierId, at),
    tenant: code.tenant,
  });
  return {
    won: now ? { ...proof(now), sourceEvent: now.eventId } : undefined,
    lost: before ? proof(before) : undefined,
  };
}

const nameOf = ({
  tenant,
  confirmationId,
  eventId,
}: Pick<AttemptRow, 'tenant' | 'confirmationId' | 'eventId'>): string => `${tenant} ${confirmationId} ${eventId}`;

const isOf = (attempt: AttemptRow, { tenant, id }: OpenCode): boolean =>
  attempt.tenant === tenant && attempt.confirmationId === id;
