import type { Normalised } from '@lienmach/adapter-kit';
import { noEvent } from '../pbx-call.rules.js';
import type { CaresoftPayload } from './caresoft.payload.js';

/** The vendor shows no body of a call: each is kept as it came, counted by what it is about, and not guessed. */
export const normaliseCaresoft = ({ object, action }: CaresoftPayload): Normalised =>
  noEvent([object ?? 'without object', ...(action === null ? [] : [action])].join(' '));
