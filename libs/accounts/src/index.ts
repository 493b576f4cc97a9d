export type { Account, AccountDefinition, Tenant } from './account.js';
export { AccountDirectory, type AccountDirectoryOptions } from './account-directory.js';
export { AccountSecrets } from './account-secrets.js';
export { AccountIndex, type TenantWithSecret } from './account-index.js';
export { ACCOUNT_MIGRATIONS, ACCOUNT_SCHEMA, ACCOUNT_TABLES } from './accounts.migration.js';
export { loadAccountsFile, parseAccounts, type Seed, type SeedAccount, type SeedSources } from './accounts-file.js';
export { sealSetting } from './secret-box.js';
