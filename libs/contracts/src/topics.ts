import { CHANNELS } from './channels.js';

/** One topic of the contract, as `npm run topics` shows and creates it. */
export interface TopicDefinition {
  readonly name: string;
  /** What the key is made of. */
  readonly key: string;
  readonly partitions: number;
  readonly cleanup: 'delete' | 'compact';
  /** Milliseconds; -1 keeps for ever. */
  readonly retentionMs: number;
  /** Bytes a record may have, key and headers included. */
  readonly maxMessageBytes: number;
  /** `operator` topics hold original bytes and are no product for analysts; `importers` write what core reads. */
  readonly audience: 'analysts' | 'operator' | 'adapters' | 'importers';
  readonly content: string;
  /** Families of events on it, as in `dataschema`. */
  readonly families: readonly string[];
}

const DAY = 24 * 60 * 60 * 1000;
const FOREVER = -1;
/** A count is part of a topic's version: raising it would break the order of a key. */
const PARTITIONS = 12;
/** Vendors' bodies are at most 1 MiB; normalised events of one body, with claims and vendorData, stay well below this. */
const LARGE = 4 * 1024 * 1024;
const MEDIUM = 1024 * 1024;

type Rest = Partial<TopicDefinition> & Pick<TopicDefinition, 'name' | 'key' | 'content'>;

const history = (rest: Rest): TopicDefinition => ({
  partitions: PARTITIONS,
  cleanup: 'delete',
  retentionMs: 400 * DAY,
  maxMessageBytes: MEDIUM,
  audience: 'analysts',
  families: [],
  ...rest,
});

const state = (rest: Rest): TopicDefinition => history({ cleanup: 'compact', retentionMs: FOREVER, ...rest });

export const CHANNEL_FAMILIES = [
  'message',
  'comment',
  'mention',
  'edit',
  'removal',
  'visibility',
  'receipt',
  'reaction',
  'postback',
  'referral',
  'contact',
  'form',
  'handover',
  'call',
  'recording',
  'keypress',
  'voicemail',
] as const;

export const rawTopic = (channel: string): string => `raw.${channel}.v1`;
export const channelTopic = (channel: string): string => `channel.${channel}.v1`;
export const outboundTopic = (channel: string): string => `outbound.${channel}.v1`;

/** Topics whose name is fixed. */
export const TOPICS = {
  interactionEvents: 'interaction.events.v1',
  identityImports: 'identity.imports.v1',
  identityEvidence: 'identity.evidence.v1',
  identityMap: 'identity.map.v1',
  personState: 'person.state.v1',
  personChanges: 'person.changes.v1',
  conversationState: 'conversation.state.v1',
  conversationEvents: 'conversation.events.v1',
  targetEvents: 'target.events.v1',
  deadLetter: 'dead-letter.v1',
} as const;

/** Every topic that exists today, in the order of the data's way. */
export const TOPIC_DEFINITIONS: readonly TopicDefinition[] = [
  ...CHANNELS.flatMap(({ name }) => [
    history({
      name: rawTopic(name),
      key: 'tenant|channel|account',
      retentionMs: 14 * DAY,
      maxMessageBytes: LARGE,
      audience: 'operator',
      content: 'one record per request: the exact bytes of the body',
    }),
    history({
      name: channelTopic(name),
      key: 'tenant|channel|account|thread',
      maxMessageBytes: LARGE,
      content: 'what happened on the channel, normalised',
      families: CHANNEL_FAMILIES,
    }),
    history({
      name: outboundTopic(name),
      key: 'tenant|channel|account|thread',
      retentionMs: 7 * DAY,
      audience: 'adapters',
      content: 'replies to send',
      families: ['reply'],
    }),
  ]),
  history({
    name: TOPICS.interactionEvents,
    key: 'tenant|channel|account|thread',
    maxMessageBytes: LARGE,
    content: 'every channel event as threaded by core, as known then',
    families: CHANNEL_FAMILIES,
  }),
  history({
    name: TOPICS.identityImports,
    key: 'tenant|crmId, or tenant|loyaltyId',
    retentionMs: 30 * DAY,
    audience: 'importers',
    content: 'customers as a CRM or a till knows them, to be taken in',
    families: ['customer-record'],
  }),
  history({
    name: TOPICS.identityEvidence,
    key: 'identifier pair',
    retentionMs: FOREVER,
    content: 'evidence and retractions, keyed hashes only',
    families: ['evidence'],
  }),
  state({
    name: TOPICS.identityMap,
    key: 'identifier id with epoch',
    content: 'current person of an identifier',
    families: ['identity-map'],
  }),
  state({
    name: TOPICS.personState,
    key: 'person',
    content: 'profile and identifiers of a person',
    families: ['person-state'],
  }),
  history({
    name: TOPICS.personChanges,
    key: 'person',
    content: 'linked and split, with before, after, why',
    families: ['person-change'],
  }),
  state({
    name: TOPICS.conversationState,
    key: 'conversation',
    content: 'state, segments and clock of a conversation',
    families: ['conversation-state'],
  }),
  history({
    name: TOPICS.conversationEvents,
    key: 'conversation',
    content: 'opened, linked, unlinked, channel-switched, waiting, replied, resolved, reopened',
    families: ['conversation-event'],
  }),
  history({
    name: TOPICS.targetEvents,
    key: 'conversation',
    content: 'waiting clock started and stopped',
    families: ['target-event'],
  }),
  history({
    name: TOPICS.deadLetter,
    key: 'the original key',
    retentionMs: 30 * DAY,
    maxMessageBytes: LARGE,
    audience: 'operator',
    content: 'original bytes with stage, error class, source topic, partition and offset in headers',
  }),
];
