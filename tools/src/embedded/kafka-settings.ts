export interface KafkaSettings {
  dataDir: string;
  port: number;
  controllerPort: number;
  /** A listener for clients that prove who they are, with what kafka-security.ts says of it. */
  secured?: { port: number; listener: Record<string, string> };
}

/** Java's properties read a backslash as an escape. */
const escape = (path: string) => path.replaceAll('\\', '\\\\');

/** server.properties of one KRaft node that is broker and controller; the same data folder starts again on other ports. */
export function serverProperties({ dataDir, port, controllerPort, secured }: KafkaSettings): string {
  const open = `PLAINTEXT://127.0.0.1:${port}`;
  const clients = secured ? `${open},SASL_SSL://127.0.0.1:${secured.port}` : open;
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `${clients},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': clients,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL_SSL:SASL_SSL',
    'log.dirs': escape(dataDir),
    'auto.create.topics.enable': false,
    'num.partitions': 8,
    'message.max.bytes': 4 * 1024 * 1024, // the largest record of the contract's topics
    'log.index.size.max.bytes': 1024 * 1024, // laid out whole per partition, and there are hundreds
    'offsets.topic.num.partitions': 4,
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    'log.cleaner.dedupe.buffer.size': 2_097_152,
    'num.network.threads': 1,
    'num.io.threads': 2,
    // after kill -9 the controller waits for the old session to end: 3 s instead of 12
    'broker.session.timeout.ms': 1500,
    'broker.heartbeat.interval.ms': 300,
    ...secured?.listener,
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** The JVM's options: small and quick to start, or (`load`) with room and the optimising compiler for measurements. */
export function jvmOptions(heap: string, load: boolean): string[] {
  return load
    ? [`-Xms${heap}`, `-Xmx${heap}`, '-XX:+UseG1GC']
    : [`-Xmx${heap}`, '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
}
