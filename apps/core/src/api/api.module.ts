import { Module, type DynamicModule } from '@nestjs/common';
import { InvalidConfiguration } from '@lienmach/platform';
import { AccessModule } from '../access/access.module.js';
import { AccountController } from '../accounts/account.controller.js';
import { AccountRepository } from '../accounts/account.repository.js';
import { AccountService } from '../accounts/account.service.js';
import { AccountTestService } from '../accounts/account-test.service.js';
import { ActController } from '../conversation/act.controller.js';
import { ActRepository } from '../conversation/act.repository.js';
import { ActService } from '../conversation/act.service.js';
import { ConversationController } from '../conversation/conversation.controller.js';
import { ConversationRepository } from '../conversation/conversation.repository.js';
import { ConversationService } from '../conversation/conversation.service.js';
import { ConfirmationController } from '../confirmation/confirmation.controller.js';
import { ConfirmationRepository } from '../confirmation/confirmation.repository.js';
import { ConfirmationService } from '../confirmation/confirmation.service.js';
import type { CoreParts } from '../core.config.js';
import { createDataSource } from '../database/data-source.js';
import { DirtyRepository } from '../database/dirty.repository.js';
import { NotificationListener } from '../database/notification.listener.js';
import { TenantDatabase } from '../database/tenant-database.js';
import { EvidenceController } from '../identity/evidence.controller.js';
import { EvidencePreviewService } from '../identity/evidence-preview.service.js';
import { EvidenceRepository } from '../identity/evidence.repository.js';
import { EvidenceService } from '../identity/evidence.service.js';
import { IdentifierController } from '../identity/identifier.controller.js';
import { LookUpRepository } from '../identity/look-up.repository.js';
import { LookUpService } from '../identity/look-up.service.js';
import { NewOwnerService } from '../identity/new-owner.service.js';
import { PersonController } from '../identity/person.controller.js';
import { PersonRepository } from '../identity/person.repository.js';
import { PersonService } from '../identity/person.service.js';
import { ProfileEditController } from '../identity/profile-edit.controller.js';
import { ProfileEditRepository } from '../identity/profile-edit.repository.js';
import { ProfileEditService } from '../identity/profile-edit.service.js';
import { IngestPipeline } from '../ingest/ingest.pipeline.js';
import { DirectoryOfTenants } from '../ingest/tenant-facts.js';
import { ImportController } from '../jobs/import.controller.js';
import { ImportService } from '../jobs/import.service.js';
import { JobController } from '../jobs/job.controller.js';
import { JobRepository } from '../jobs/job.repository.js';
import { JobService } from '../jobs/job.service.js';
import { OUTBOX_CHANNEL } from '../relay/outbox.repository.js';
import { SearchController } from '../search/search.controller.js';
import { SearchRepository } from '../search/search.repository.js';
import { SearchService } from '../search/search.service.js';
import { ReplyController } from '../reply/reply.controller.js';
import { ReplyRepository } from '../reply/reply.repository.js';
import { ReplyService } from '../reply/reply.service.js';
import { SendingService } from '../reply/sending.service.js';
import { CalendarController } from '../rules/calendar.controller.js';
import { CalendarService } from '../rules/calendar.service.js';
import { RuleSetController } from '../rules/rule-set.controller.js';
import { RuleSetService } from '../rules/rule-set.service.js';
import { RulesPreviewService } from '../rules/rules-preview.service.js';
import { WorkingTimes } from '../rules/working-times.service.js';
import { TimelineController } from '../timeline/timeline.controller.js';
import { TimelineRepository } from '../timeline/timeline.repository.js';
import { TimelineService } from '../timeline/timeline.service.js';
import { LiveController } from './live.controller.js';
import { LiveRepository } from './live.repository.js';
import { LiveService } from './live.service.js';
import { SettlementService } from './settlement.service.js';

const POOL_SIZE = 16;

/** The composition root `api`: everything that answers clients. */
@Module({
  imports: [AccessModule],
  controllers: [
    PersonController,
    ProfileEditController,
    TimelineController,
    IdentifierController,
    EvidenceController,
    ConfirmationController,
    ConversationController,
    ActController,
    SearchController,
    ReplyController,
    CalendarController,
    RuleSetController,
    AccountController,
    ImportController,
    JobController,
    LiveController,
  ],
  providers: [
    PersonService,
    PersonRepository,
    ProfileEditService,
    ProfileEditRepository,
    LookUpService,
    LookUpRepository,
    SearchService,
    SearchRepository,
    EvidenceService,
    EvidenceRepository,
    EvidencePreviewService,
    NewOwnerService,
    TimelineService,
    TimelineRepository,
    ConversationService,
    ConversationRepository,
    ActService,
    ActRepository,
    CalendarService,
    RuleSetService,
    RulesPreviewService,
    { provide: WorkingTimes, useValue: new WorkingTimes() },
    ReplyService,
    ReplyRepository,
    SendingService,
    ConfirmationService,
    ConfirmationRepository,
    AccountService,
    AccountTestService,
    AccountRepository,
    ImportService,
    JobService,
    JobRepository,
    DirtyRepository,
    SettlementService,
  ],
})
export class ApiModule {
  /** Connects to the database by the role that sees one tenant at a time. */
  static async connect({ settings, accounts, health, shutdown, logger }: CoreParts): Promise<DynamicModule> {
    const source = createDataSource({
      url: settings.databaseUrl,
      role: 'lienmach_api',
      poolSize: POOL_SIZE,
      applicationName: 'lienmach-api',
    });
    await source.initialize();
    shutdown.add('disconnect', 'database of the API', () => source.destroy());
    const database = new TenantDatabase(source);
    if (!settings.lienmachEmbedded && (await database.isSuperuser())) {
      throw new InvalidConfiguration([
        'DATABASE_URL names a superuser, to whom tenants are no bounds: name a user that is a member of lienmach_api and lienmach_ingest.',
      ]);
    }
    health.add('ready', 'database of the API', () => database.ping());
    const live = new LiveService(database, new LiveRepository());
    const listener = new NotificationListener(settings.databaseUrl, OUTBOX_CHANNEL, () => live.wake(), logger);
    listener.start();
    // before the server closes: it waits for every answer to end
    shutdown.add('intake', 'live streams', () => live.close());
    shutdown.add('disconnect', 'listener of the API', () => listener.stop());
    const tenants = new DirectoryOfTenants(accounts);
    const providers = [
      { provide: TenantDatabase, useValue: database },
      { provide: LiveService, useValue: live },
      { provide: DirectoryOfTenants, useValue: tenants },
      { provide: IngestPipeline, useValue: new IngestPipeline(tenants) },
    ];
    return { module: ApiModule, global: true, providers, exports: [TenantDatabase] };
  }
}
