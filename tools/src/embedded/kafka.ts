import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findJava, type Java } from './java.js';
import { ensureKafkaJars, log4jSettings } from './kafka-jars.js';
import { clusterIdAt } from './kafka-metadata.js';
import { securedListener, type Credentials } from './kafka-security.js';
import { jvmOptions, serverProperties } from './kafka-settings.js';
import { launch, signal, type Launched } from './processes.js';
import { EmbeddedServer, type ServerOptions } from './server.js';
import { ensureServerKey, type ServerKey } from './server-key.js';
import { SetupError } from './setup-error.js';

export interface KafkaOptions extends ServerOptions {
  /** JVM heap, by default 256m (1g with `load`). */
  heap?: string;
  /** For measurements: optimising compiler and G1, at the price of memory and a slower start. */
  load?: boolean;
  /** Opens a second listener, for clients that prove by these who they are; see `secured`. */
  credentials?: Credentials;
}

/** One Apache Kafka broker (KRaft) with its own folder. acks=all on it survives kill -9 of the broker, not a power failure. */
export class EmbeddedKafka extends EmbeddedServer {
  protected readonly stopSignal = 'SIGTERM';
  protected readonly portTaken = /failed to bind|Address already in use/;
  private java: Java | null = null;
  private jars = '';
  private clusterId = '';
  private securedPort = 0;

  constructor(private readonly kafkaOptions: KafkaOptions) {
    super('Kafka', kafkaOptions);
  }

  /** As KAFKA_BROKERS wants it: host:port */
  get brokers(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** The listener for `credentials`, and the PEM file of the certificate that its clients have to trust. */
  get secured(): { brokers: string; certificate: string } {
    return { brokers: `127.0.0.1:${this.securedPort}`, certificate: this.serverKey().certificate };
  }

  /** Stops the process in its tracks (SIGSTOP): connections stay open, nothing answers. */
  freeze(): void {
    signal(this.pid, 'SIGSTOP');
  }

  thaw(): void {
    signal(this.pid, 'SIGCONT');
  }

  protected marker(): string {
    return this.propertiesFile();
  }

  protected async prepare(): Promise<void> {
    this.java ??= findJava();
    this.jars = await ensureKafkaJars(this.options.say ?? (() => undefined));
    const meta = join(this.dataDir(), 'meta.properties');
    if (!existsSync(meta)) this.format();
    const id = /^cluster\.id=(.+)$/m.exec(readFileSync(meta, 'utf8'))?.[1];
    if (!id) throw new SetupError(`${meta} names no cluster: remove the folder ${this.dataDir()} to begin anew.`);
    this.clusterId = id.trim();
  }

  protected async launchOn(port: number, [controllerPort = 0, securedPort = 0]: number[]): Promise<Launched> {
    const { command, version } = this.java as Java;
    this.securedPort = securedPort;
    writeFileSync(this.propertiesFile(), this.properties(port, controllerPort));
    // class data of the first run, made at its end, halves the start of all later ones; it fits one Java version
    const archive = join(this.jars, `classes-${version}.jsa`);
    const fresh = `${archive}.${process.pid}-${port}`;
    const hasArchive = existsSync(archive);
    const child = await launch(
      command,
      [
        ...jvmOptions(
          this.kafkaOptions.heap ?? (this.kafkaOptions.load ? '1g' : '256m'),
          this.kafkaOptions.load ?? false,
        ),
        '-Xshare:auto',
        hasArchive ? `-XX:SharedArchiveFile=${archive}` : `-XX:ArchiveClassesAtExit=${fresh}`,
        '-Xlog:cds=off',
        '-Xlog:cds+dynamic=off',
        ...this.javaArguments(),
        'kafka.Kafka',
        this.propertiesFile(),
      ],
      { logFile: this.logFile, cwd: this.dir },
    );
    if (!hasArchive) {
      void child.exited.then(() => {
        if (existsSync(fresh)) renameSync(fresh, archive);
      });
    }
    return child;
  }

  protected async answers(port: number): Promise<boolean> {
    return (await clusterIdAt(port)) === this.clusterId;
  }

  private dataDir(): string {
    return join(this.dir, 'data');
  }

  private propertiesFile(): string {
    return join(this.dir, 'server.properties');
  }

  private javaArguments(): string[] {
    return [`-Dlog4j2.configurationFile=${log4jSettings}`, '-cp', join(this.jars, '*')];
  }

  private properties(port: number, controllerPort: number): string {
    const { credentials } = this.kafkaOptions;
    return serverProperties({
      dataDir: this.dataDir(),
      port,
      controllerPort,
      ...(credentials && {
        secured: { port: this.securedPort, listener: securedListener(credentials, this.serverKey()) },
      }),
    });
  }

  private serverKey(): ServerKey {
    return ensureServerKey(this.dir, 'of-this-folder-alone', (this.java as Java).command);
  }

  private format(): void {
    const { credentials } = this.kafkaOptions;
    rmSync(this.dataDir(), { recursive: true, force: true }); // what a killed format left
    mkdirSync(this.dataDir(), { recursive: true });
    writeFileSync(this.propertiesFile(), this.properties(1, 2));
    const id = randomBytes(16).toString('base64url');
    const { status, stderr, stdout } = spawnSync(
      (this.java as Java).command,
      [
        '-Xshare:auto',
        '-XX:TieredStopAtLevel=1',
        ...this.javaArguments(),
        'kafka.tools.StorageTool',
        'format',
        `--cluster-id=${id}`, // joined: one id in 64 begins with a dash
        ...(credentials
          ? ['--add-scram', `SCRAM-SHA-512=[name=${credentials.username},password=${credentials.password}]`]
          : []),
        '-c',
        this.propertiesFile(),
      ],
      { encoding: 'utf8', cwd: this.dir },
    );
    if (status !== 0) throw new SetupError(`${stdout}${stderr}\nKafka could not lay out ${this.dataDir()}: see above.`);
  }
}

/** Starts a Kafka broker and resolves when it answers. */
export async function startKafka(options: KafkaOptions): Promise<EmbeddedKafka> {
  const kafka = new EmbeddedKafka(options);
  await kafka.start();
  return kafka;
}
