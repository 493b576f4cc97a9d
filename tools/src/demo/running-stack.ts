import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { SetupError } from '../embedded/setup-error.js';
import { demoAccounts } from '../start/plan.js';
import type { Running } from '../start/running-file.js';

/** What the demo must know of the stack that it plays to. */
export interface RunningStack {
  /** Addresses without a path. */
  readonly core: string;
  readonly pageDoor: string;
  readonly callDoor: string;
  readonly mailDoor: string;
  readonly smsDoor: string;
  readonly token: string;
  readonly tenant: string;
  readonly page: { readonly id: string; readonly appSecret: string };
  readonly pbx: { readonly id: string; readonly secret: string; readonly hotline: string };
  readonly mailbox: { readonly id: string; readonly secret: string };
  readonly sms: { readonly id: string; readonly accountSid: string; readonly authToken: string };
}

interface Account {
  channel: string;
  vendor?: string;
  id: string;
  appSecret?: string;
  secret?: string;
  accountSid?: string;
  authToken?: string;
  hotlines?: string[];
}

type Accounts = { tenants: { id: string; accounts?: Account[] }[] };

const isPage = ({ channel }: Account) => channel === 'facebook';
const isPbx = ({ channel, vendor }: Account) => channel === 'call' && vendor === 'generic';
const isMailbox = ({ channel, vendor }: Account) => channel === 'email' && vendor === 'postmark';
const isSms = ({ channel, vendor }: Account) => channel === 'sms' && vendor === 'twilio';

function readJson<T>(file: string): T | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : undefined;
}

/**
 * The stack that runs in DATA_DIR: addresses from `running.json`, secrets from `secrets.json` or the environment, accounts from
 * ACCOUNTS_FILE.
 * @throws SetupError when none runs, or no tenant has an account of each channel that the demo plays
 */
export function runningStack(env: NodeJS.ProcessEnv): RunningStack {
  const folder = env['DATA_DIR'] || '.data';
  const running = readJson<Running>(join(folder, 'running.json'));
  if (!running) {
    throw new SetupError(
      `No stack runs in ${folder}: run "npm start" in another terminal, wait for its line "ready", then try again.`,
    );
  }
  const settings = { ...readJson<Record<string, string>>(join(folder, 'secrets.json')), ...env };
  const address = (name: string): string => {
    const found = running.processes.find((process) => process.name === name);
    if (!found) throw new SetupError(`${name} is not running: look into the terminal of "npm start", then try again.`);
    return `http://${env['HOST'] || '127.0.0.1'}:${found.port}`;
  };
  const file = env['ACCOUNTS_FILE'] || demoAccounts;
  const secret = (text: string | undefined, account: Account): string => {
    const value = (text ?? '').replace(/\$\{(\w+)\}/g, (_whole, name: string) => settings[name] ?? '');
    if (value !== '' && !value.startsWith('sealed:')) return value;
    throw new SetupError(
      `The secret of ${account.channel} ${account.id} in ${file} is not known here: set it by name.`,
    );
  };
  const { tenants } = parse(readFileSync(file, 'utf8')) as Accounts;
  for (const { id: tenant, accounts = [] } of tenants) {
    const page = accounts.find(isPage);
    const pbx = accounts.find(isPbx);
    const mailbox = accounts.find(isMailbox);
    const sms = accounts.find(isSms);
    if (!page || !pbx || !mailbox || !sms) continue;
    return {
      core: address('core'),
      pageDoor: address('adapter-facebook'),
      callDoor: address('adapter-call'),
      mailDoor: address('adapter-email'),
      smsDoor: address('adapter-sms'),
      token: settings['ADMIN_TOKEN'] ?? '',
      tenant,
      page: { id: String(page.id), appSecret: secret(page.appSecret, page) },
      pbx: { id: String(pbx.id), secret: secret(pbx.secret, pbx), hotline: String(pbx.hotlines?.[0] ?? '1900000001') },
      mailbox: { id: String(mailbox.id), secret: secret(mailbox.secret, mailbox) },
      sms: { id: String(sms.id), accountSid: String(sms.accountSid), authToken: secret(sms.authToken, sms) },
    };
  }
  throw new SetupError(
    `${file} has no tenant with a Fanpage, a PBX of the generic door, a mailbox at Postmark and a number at Twilio: the demo needs them.`,
  );
}
