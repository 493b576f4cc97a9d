import { defineChannel, defineDoor, defineVendor, parseLosslessJson } from '@lienmach/adapter-kit';
import { __Name__Settings } from './__name__.config.js';
import { normalise__Name__ } from './__name__.normalise.js';
import { read__Name__, type __Name__Payload } from './__name__.payload.js';
import { verify__Name__ } from './__name__.signature.js';

const webhook = defineDoor<__Name__Settings, __Name__Payload>({
  path: '/webhooks/__name__/:account',
  methods: ['POST'],
  accountIn: 'path-id',
  contentTypes: ['application/json'],
  verify: ({ body, headers }, { settings }) => verify__Name__(body, headers['x-__name__-signature'], settings.secret),
  parse: ({ body }) => read__Name__(parseLosslessJson(body)),
  normalise: normalise__Name__,
});

export const __camel__ = defineChannel({
  name: '__name__',
  defaultPort: __port__,
  vendors: [
    defineVendor<__Name__Settings>({
      name: '__name__',
      settings: __Name__Settings,
      secrets: ['secret'],
      answerWithinSeconds: 5,
      doors: [webhook],
    }),
  ],
});
