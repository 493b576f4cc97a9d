import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SetupError } from '../embedded/index.js';

/** Ports that are promised to channels to come. */
const PROMISED: Readonly<Record<string, number>> = { facebook: 3101, zalo: 3102, email: 3103, sms: 3104, call: 3105 };
/** The channel whose stanza in docker-compose.yml is copied. */
const MODEL = { name: 'facebook', port: 3101 };

interface NestCli {
  projects: Record<string, object>;
}

/**
 * Makes apps/adapter-<name> from the kit's template and adds it to nest-cli.json and docker-compose.yml.
 * @param root the project's folder
 * @returns what is left to do, a line each
 */
export function scaffoldChannel(root: string, name: string): string[] {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    throw new SetupError(
      `"${name}" is no name for a channel: use lower-case letters, digits and dashes, such as viber.`,
    );
  }
  const app = join('apps', `adapter-${name}`);
  if (existsSync(join(root, app))) throw new SetupError(`${app} exists already: choose another name or remove it.`);
  const port = PROMISED[name] ?? nextPort(root);
  const camel = name.replace(/-(.)/g, (_dash, letter: string) => letter.toUpperCase());
  const words = { name, camel, Name: camel[0]!.toUpperCase() + camel.slice(1), port: String(port) };
  copyTemplate(join(root, 'libs', 'adapter-kit', 'template'), join(root, app), words);
  addProject(join(root, 'nest-cli.json'), app);
  addService(join(root, 'docker-compose.yml'), name, port);
  return [
    `${app} stands, with port ${port}, its entry in nest-cli.json and its service in docker-compose.yml.`,
    `1. Add { name: '${name}', family: 'chat' } (or comment, mail, call) to libs/contracts/src/channels.ts, then: npm run gen`,
    `2. Put 4 to 6 real bodies into ${app}/fixtures, each with the events that it must become.`,
    `3. Write ${app}/src until its spec passes: npm test unit -- adapter-${name}`,
    '4. Add an account to ACCOUNTS_FILE, and its secrets to .env.example and docker-compose.yml.',
  ];
}

function fill(text: string, words: Readonly<Record<string, string>>): string {
  return text.replace(/__([a-zA-Z]+)__/g, (whole, word: string) => words[word] ?? whole);
}

function copyTemplate(template: string, target: string, words: Readonly<Record<string, string>>): void {
  const entries = readdirSync(template, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  for (const entry of entries) {
    const source = join(entry.parentPath, entry.name);
    const file = join(target, fill(source.slice(template.length + 1), words));
    mkdirSync(dirname(file), { recursive: true });
    cpSync(source, file);
    writeFileSync(file, fill(readFileSync(source, 'utf8'), words));
  }
}

/** One more than the highest port that a channel has or is promised. */
function nextPort(root: string): number {
  const channels = readdirSync(join(root, 'apps')).map((app) =>
    join(root, 'apps', app, 'src', `${app.replace('adapter-', '')}.channel.ts`),
  );
  const used = channels
    .filter((file) => existsSync(file))
    .map((file) => Number(/defaultPort: (\d+)/.exec(readFileSync(file, 'utf8'))?.[1] ?? 0));
  return Math.max(...used, ...Object.values(PROMISED)) + 1;
}

function addProject(file: string, app: string): void {
  const settings = JSON.parse(readFileSync(file, 'utf8')) as NestCli;
  const project = {
    type: 'application',
    root: app,
    entryFile: 'main',
    sourceRoot: `${app}/src`,
    compilerOptions: { tsConfigPath: `${app}/tsconfig.app.json` },
  };
  // as text, so that the lines of the others stay as they are
  const line = `    "${app.replace('apps/', '')}": ${JSON.stringify(project).replace(/[{:,]/g, '$& ').replace(/}/g, ' }')}`;
  if (Object.keys(settings.projects).length === 0) throw new SetupError(`${file} has no projects to stand beside.`);
  writeFileSync(file, readFileSync(file, 'utf8').replace(/\n {2}\}\n\}\s*$/, `,\n${line}\n  }\n}\n`));
}

function addService(file: string, name: string, port: number): void {
  const text = readFileSync(file, 'utf8');
  const stanza = new RegExp(`^  adapter-${MODEL.name}:\\n(?:(?: {4}.*)?\\n)+`, 'm').exec(text)?.[0];
  const end = text.search(/^volumes:/m);
  if (!stanza || end < 0) throw new SetupError(`${file} has no service adapter-${MODEL.name} to copy.`);
  const copy = stanza
    .split('\n')
    .filter((line) => !/^ {6}[A-Z_]+: \$\{[A-Z_]+:\?/.test(line)) // the model's secrets
    .join('\n')
    .replaceAll(MODEL.name, name)
    .replaceAll(MODEL.name.toUpperCase(), name.toUpperCase().replaceAll('-', '_'))
    .replaceAll(String(MODEL.port), String(port));
  writeFileSync(file, `${text.slice(0, end)}${copy.trimEnd()}\n\n${text.slice(end)}`);
}
