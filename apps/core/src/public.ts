/** What tests and tools may use of core without starting the process. */
export { createCore } from './core.server.js';
export { CoreSettings, CORE_ROLES, type CoreRole } from './core.config.js';
export { createDataSource, type DatabaseRole } from './database/data-source.js';
export { TenantDatabase } from './database/tenant-database.js';
export { TimelineRepository } from './timeline/timeline.repository.js';
export type { MadeTokenDto, TokensDto } from './access/token.dto.js';
export type { ProblemDto } from './api/problem.dto.js';
export type { ActDto, ConversationDto, ConversationsDto } from './conversation/conversation.dto.js';
export type { AssertedDto, PreviewDto, RetractedDto } from './identity/evidence.dto.js';
export type { LookedUpDto, PeopleDto, PersonDto, WhyDto } from './identity/person.dto.js';
export type { TimelineDto, TimelineEntry } from './timeline/timeline.dto.js';
export { FenceMoved, IngestService, type Stretch, type Taken } from './ingest/ingest.service.js';
export { IngestPipeline, type Rejected } from './ingest/ingest.pipeline.js';
export { ResolveService } from './ingest/resolve.service.js';
export type { TenantDirectory, TenantFacts } from './ingest/tenant-facts.js';
export { OutboxRepository, type WaitingRow } from './relay/outbox.repository.js';
export { RelayService } from './relay/relay.service.js';
