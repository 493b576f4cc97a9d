/**
 * The least that a durable webhook door can be: node:http, HMAC over the bytes, one record a request on Kafka, 200 after the acknowledgement (acks=all).
 * No framework, no JSON, no event: the customer's id, which the record's key needs, is cut out of the bytes. Requests that come while one
 * sendBatch is in flight share the next.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import { Kafka, Partitioners, logLevel, type Message } from 'kafkajs';
import { converse, given } from './conversation.js';

const topic = given('BENCH_TOPIC');
const secret = given('BENCH_SECRET');
const producer = new Kafka({ brokers: [given('KAFKA_BROKERS')], logLevel: logLevel.ERROR }).producer({
  createPartitioner: Partitioners.DefaultPartitioner,
  allowAutoTopicCreation: false,
  maxInFlightRequests: 1,
});

let waiting: Message[] = [];
let askers: ServerResponse[] = [];
let inFlight = false;
let scheduled = false;

function schedule(): void {
  if (inFlight || scheduled || waiting.length === 0) return;
  scheduled = true;
  setImmediate(send);
}

function send(): void {
  scheduled = false;
  inFlight = true;
  const [messages, responses] = [waiting, askers];
  waiting = [];
  askers = [];
  const settle = (status: number): void => {
    inFlight = false;
    for (const response of responses) answer(response, status);
    schedule();
  };
  producer.send({ topic, acks: -1, messages }).then(
    () => settle(200),
    () => settle(503),
  );
}

const NOTHING = { 'content-length': 0 };
const answer = (response: ServerResponse, status: number): void => void response.writeHead(status, NOTHING).end();

const SENDER = Buffer.from('"sender":{"id":"');

function customerOf(body: Buffer): Buffer {
  const start = body.indexOf(SENDER) + SENDER.length;
  return body.subarray(start, body.indexOf(0x22, start));
}

function take(body: Buffer, header: string, response: ServerResponse): void {
  const given = Buffer.from(header.slice('sha256='.length), 'hex');
  const expected = createHmac('sha256', secret).update(body).digest();
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return answer(response, 401);
  waiting.push({ key: customerOf(body), value: body });
  askers.push(response);
  schedule();
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
    take(body, String(request.headers['x-hub-signature-256'] ?? ''), response);
  });
});
server.keepAliveTimeout = 65_000;

await producer.connect();
server.listen(Number(given('BENCH_PORT')), '127.0.0.1', () => converse());
