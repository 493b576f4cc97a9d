import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One call of the Send API as it came. */
export interface GraphCall {
  page: string;
  token: string | null;
  proof: string | null;
  type: string | null;
  tag: string | null;
  psid: string;
  /** The comment that is answered privately. */
  comment: string | null;
  text: string | null;
  attachment: object | null;
  /** The message that it quotes. */
  quotes: string | null;
  commandId: string;
}

/** A comment that the page writes. */
export interface GraphComment {
  /** Comment or post that it stands below. */
  below: string;
  token: string | null;
  text: string | null;
  image: string | null;
}

export type GraphAnswer = { status: number; body: object } | 'never';

/** A Graph API of the test's own, for FACEBOOK_GRAPH_URL: keeps every call and answers as it is told, by default with a new message id. */
export class GraphServer {
  readonly calls: GraphCall[] = [];
  readonly comments: GraphComment[] = [];
  answerComment: (comment: GraphComment) => GraphAnswer = () => ({
    status: 200,
    body: { id: `900000000000001_${this.comments.length}` },
  });
  answer: (call: GraphCall) => GraphAnswer = (call) => ({
    status: 200,
    body: { recipient_id: call.psid, message_id: this.midOf(call) },
  });

  private constructor(private readonly server: Server) {}

  static async start(): Promise<GraphServer> {
    const server = createServer();
    const graph = new GraphServer(server);
    server.on('request', (request, response) => {
      void readBody(request).then((body) => {
        const answer = graph.take(new URL(request.url ?? '/', 'http://graph'), body);
        if (answer === 'never') return;
        response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return graph;
  }

  private take({ pathname, searchParams }: URL, body: object): GraphAnswer {
    const token = searchParams.get('access_token');
    const [, , object = '', edge] = pathname.split('/');
    if (edge === 'comments') {
      const { message: text = null, attachment_url: image = null } = body as CommentBody;
      const comment = { below: decodeURIComponent(object), token, text, image };
      this.comments.push(comment);
      return this.answerComment(comment);
    }
    const call = readCall(object, searchParams, body as SendBody);
    this.calls.push(call);
    return this.answer(call);
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

interface CommentBody {
  message?: string;
  attachment_url?: string;
}

interface SendBody {
  recipient: { id?: string; comment_id?: string };
  messaging_type?: string;
  tag?: string;
  message: { text?: string; attachment?: object; metadata: string };
  reply_to?: { mid: string };
}

async function readBody(request: IncomingMessage): Promise<object> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString()) as object;
}

function readCall(page: string, searchParams: URLSearchParams, body: SendBody): GraphCall {
  return {
    page,
    token: searchParams.get('access_token'),
    proof: searchParams.get('appsecret_proof'),
    type: body.messaging_type ?? null,
    tag: body.tag ?? null,
    psid: body.recipient.id ?? '',
    comment: body.recipient.comment_id ?? null,
    text: body.message.text ?? null,
    attachment: body.message.attachment ?? null,
    quotes: body.reply_to?.mid ?? null,
    // of a private answer it names the commenter too
    commandId: body.message.metadata.split(' ')[0]!,
  };
}
