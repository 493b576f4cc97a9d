import { maskText } from '@lienmach/platform';
import type { Role } from './access.js';

/** How personal data goes into an answer. What is null stays null. */
export interface Masking {
  name(name: string | null): string | null;
  /** Anything that may hold a phone number or an e-mail address: texts, thread ids. */
  text<T extends string | null>(text: T): T;
  /** Value of an identifier. */
  identifier(type: string, value: string): string;
  /** A recording, a picture, a place: cannot be masked, so it is left out. */
  whole<T>(value: T | null | undefined): T | null;
}

const CLEAR: Masking = {
  name: (name) => name,
  text: (text) => text,
  identifier: (_type, value) => value,
  whole: (value) => value ?? null,
};

const MASKED: Masking = {
  name: (name) => name && name.replace(/(\p{L})[\p{L}\p{M}]*/gu, '$1***'),
  text: <T extends string | null>(text: T): T => (text === null ? text : (maskText(text) as T)),
  identifier: (type, value) => {
    if (type === 'phone') return `***${value.slice(-3)}`;
    if (type === 'email') return value.replace(/^(.).*@/s, '$1***@');
    return maskText(value);
  },
  whole: () => null,
};

/** Analysts read masked: phones, e-mail addresses and names. */
export function maskingFor(role: Role): Masking {
  return role === 'analyst' ? MASKED : CLEAR;
}
