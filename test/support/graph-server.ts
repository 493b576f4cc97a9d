import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One call of the Send API as it came. */
export interface GraphCall {
  page: string;
  token: string | null;
  proof: string | null;
  type: string;
  tag: string | null;
  psid: string;
  text: string | null;
  attachment: object | null;
  commandId: string;
}

export type GraphAnswer = { status: number; body: object } | 'never';

/** A Graph API of the test's own, for FACEBOOK_GRAPH_URL: keeps every call and answers as it is told, by default with a new message id. */
export class GraphServer {
  readonly calls: GraphCall[] = [];
  answer: (call: GraphCall) => GraphAnswer = (call) => ({
    status: 200,
    body: { recipient_id: call.psid, message_id: this.midOf(call) },
  });

  private constructor(private readonly server: Server) {}

  static async start(): Promise<GraphServer> {
    const server = createServer();
    const graph = new GraphServer(server);
    server.on('request', (request, response) => {
      void readCall(request).then((call) => {
        graph.calls.push(call);
        const answer = graph.answer(call);
        if (answer === 'never') return;
        response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return graph;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The message that a call became: of an attachment behind a text the second one. */
  midOf({ commandId, attachment }: Pick<GraphCall, 'commandId'> & Partial<GraphCall>): string {
    const later = attachment && this.callsOf(commandId).some((call) => call.text !== null);
    return later ? `m_${commandId}_2` : `m_${commandId}`;
  }

  callsOf(commandId: string): GraphCall[] {
    return this.calls.filter((call) => call.commandId === commandId);
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

interface SendBody {
  recipient: { id: string };
  messaging_type: string;
  tag?: string;
  message: { text?: string; attachment?: object; metadata: string };
}

async function readCall(request: IncomingMessage): Promise<GraphCall> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = JSON.parse(Buffer.concat(chunks).toString()) as SendBody;
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://graph');
  return {
    page: pathname.split('/')[2] ?? '',
    token: searchParams.get('access_token'),
    proof: searchParams.get('appsecret_proof'),
    type: body.messaging_type,
    tag: body.tag ?? null,
    psid: body.recipient.id,
    text: body.message.text ?? null,
    attachment: body.message.attachment ?? null,
    commandId: body.message.metadata,
  };
}
