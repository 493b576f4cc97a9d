/** What tests and tools may use of core without starting the process. */
export { createCore } from './core.server.js';
export { CoreSettings, CORE_ROLES, type CoreRole } from './core.config.js';
export { createDataSource, type DatabaseRole } from './database/data-source.js';
export { TenantDatabase } from './database/tenant-database.js';
export { TimelineRepository } from './timeline/timeline.repository.js';
export type { MadeTokenDto, TokensDto } from './access/token.dto.js';
export type { AccountsDto, AccountWithChangesDto } from './accounts/account.dto.js';
export type { ProblemDto } from './api/problem.dto.js';
export type { ActDto, UndoneDto } from './conversation/act.dto.js';
export type { ConfirmationDto, ConfirmationsDto } from './confirmation/confirmation.dto.js';
export type { ConversationDto, ConversationsDto } from './conversation/conversation.dto.js';
export type { AssertedDto, NewOwnerDto, PreviewDto, RetractedDto } from './identity/evidence.dto.js';
export type { LookedUpDto, PersonDto, WhyDto } from './identity/person.dto.js';
export type { PeopleDto, SearchDto } from './search/search.dto.js';
export { ItemWordsRepository } from './search/item-words.repository.js';
export { itemWords } from './search/item-words.rules.js';
export type { AppliedRulesDto, RulesPreviewDto, RuleSetDto } from './rules/rule-set.dto.js';
export type { ReplyDto } from './reply/reply.dto.js';
export type { TimelineDto, TimelineEntry } from './timeline/timeline.dto.js';
export { ImportWork } from './jobs/import-work.service.js';
export { JobWorkService, type Worked } from './jobs/job-work.service.js';
export { JobRefused, type Job, type JobKind, type Step } from './jobs/job.js';
export type { JobDto, JobStartedDto } from './jobs/job.dto.js';
export {
  FenceMoved,
  IngestService,
  type Bury,
  type Rejected,
  type Stretch,
  type Taken,
} from './ingest/ingest.service.js';
export { IngestPipeline } from './ingest/ingest.pipeline.js';
export { RecordPipeline } from './ingest/record.pipeline.js';
export { ResolveService } from './ingest/resolve.service.js';
export { TargetService } from './conversation/target.service.js';
export { DirectoryOfTenants, type TenantDirectory, type TenantFacts } from './ingest/tenant-facts.js';
export { OUTBOX_CHANNEL, OutboxRepository, type WaitingRow } from './relay/outbox.repository.js';
export { RelayService } from './relay/relay.service.js';
export { IngestRepository } from './ingest/ingest.repository.js';
export type { PlacedEvent } from './ingest/placed-event.js';
export { ResolveLoop } from './ingest/resolve.loop.js';
export { ResolveRepository } from './ingest/resolve.repository.js';
export { dropRebuilt, rebuild, withTenants } from './rebuild/rebuild.js';
export { AnotherRebuild, type Found, type Rebuilt } from './rebuild/rebuild.service.js';
export { isSame, type Compared } from './rebuild/checksum.rules.js';
