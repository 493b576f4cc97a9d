import { describe, expect, it } from '@jest/globals';
import type { Door } from './channel.js';
import { DoorRouter } from './door-router.js';

const handler = (path: string, methods: Door<object>['methods'] = ['POST']) => ({
  door: { path, methods } as never,
  handle: () => Promise.resolve({ status: 200 }),
});
const router = new DoorRouter([
  handler('/webhooks/call/stringee/:account'),
  handler('/webhooks/call/stringee/:account/answer', ['GET', 'POST']),
  handler('/webhooks/call/:vendor/:secret'),
  handler('/verifier_:file', ['GET']),
  handler('/webhooks/facebook', ['GET']),
  handler('/webhooks/facebook', ['POST']),
]);

function find(target: string, method = 'POST') {
  const route = router.find(target, method);
  if (!route || route === 'unreadable') return route;
  const { path, methods } = route.handler.door as Door<object>;
  return { path, methods, params: route.params };
}

describe('DoorRouter', () => {
  it('finds fixed paths, whatever the query', () => {
    expect(find('/webhooks/facebook?x=/y')).toMatchObject({
      path: '/webhooks/facebook',
      methods: ['POST'],
      params: {},
    });
  });

  it('tells doors of one path apart by the method; the first answers for the others', () => {
    expect(find('/webhooks/facebook', 'GET')).toMatchObject({ methods: ['GET'] });
    expect(find('/webhooks/facebook', 'PUT')).toMatchObject({ methods: ['GET'] });
  });

  it('decodes what the path carries', () => {
    expect(find('/webhooks/call/stringee/%2B84%2024%2F7/answer?from=1')).toMatchObject({
      path: '/webhooks/call/stringee/:account/answer',
      params: { account: '+84 24/7' },
    });
  });

  it('prefers the door that names more of the path', () => {
    expect(find('/webhooks/call/stringee/x')).toMatchObject({ path: '/webhooks/call/stringee/:account' });
    expect(find('/webhooks/call/omicall/x')).toMatchObject({ params: { vendor: 'omicall', secret: 'x' } });
  });

  it('knows a segment by how it begins', () => {
    expect(find('/verifier_a.html', 'GET')).toMatchObject({ path: '/verifier_:file', params: { file: 'a.html' } });
  });

  it.each([
    '/',
    '/verifier_',
    '/webhooks/facebook/',
    '/webhooks/call/stringee/',
    '/webhooks/call/stringee//answer',
    '/metrics',
  ])('has no door at %s', (target) => expect(find(target)).toBeUndefined());

  it('refuses what cannot be decoded and what is too long', () => {
    expect(find('/webhooks/call/stringee/%E0%A4')).toBe('unreadable');
    expect(find(`/webhooks/call/stringee/${'x'.repeat(513)}`)).toBeUndefined();
  });
});
