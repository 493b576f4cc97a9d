import type { DoorHandler } from './door-handler.js';
import type { PathParameters } from './door-proof.js';

type AnyHandler = Pick<DoorHandler<never>, 'handle' | 'door'>;

interface Route {
  readonly handler: AnyHandler;
  readonly params: PathParameters;
}

/** Ids and secrets are shorter; what is longer is nobody's. */
const LONGEST_SEGMENT = 512;
const NONE: PathParameters = {};

/** Finds the door of a request-URI. A path has a handful of doors, so that looking at each is the quickest way. */
export class DoorRouter {
  private readonly fixed = new Map<string, AnyHandler[]>();
  private readonly patterns: { readonly segments: readonly string[]; readonly handlers: AnyHandler[] }[] = [];

  constructor(handlers: readonly AnyHandler[]) {
    for (const path of new Set(handlers.map(({ door }) => door.path))) {
      const ofPath = handlers.filter(({ door }) => door.path === path);
      if (path.includes(':')) this.patterns.push({ segments: path.split('/'), handlers: ofPath });
      else this.fixed.set(path, ofPath);
    }
    // a named segment wins over a parameter: `/hook/:secret` before `/:account/:part`
    const rank = (segments: readonly string[]) =>
      segments.map((segment) => (segment.startsWith(':') ? '1' : '0')).join('');
    this.patterns.sort((a, b) => rank(a.segments).localeCompare(rank(b.segments)));
  }

  /** Undefined: no door. `unreadable`: a door's path with a segment that cannot be decoded. */
  find(target: string, method: string): Route | 'unreadable' | undefined {
    const query = target.indexOf('?');
    const path = query < 0 ? target : target.slice(0, query);
    const fixed = this.fixed.get(path);
    if (fixed) return { handler: choose(fixed, method), params: NONE };
    const segments = path.split('/');
    for (const pattern of this.patterns) {
      if (!fits(pattern.segments, segments)) continue;
      try {
        return { handler: choose(pattern.handlers, method), params: parametersOf(pattern.segments, segments) };
      } catch {
        return 'unreadable';
      }
    }
    return undefined;
  }
}

/** Doors may share a path and differ in their methods; the first answers for those that none has. */
function choose(handlers: readonly AnyHandler[], method: string): AnyHandler {
  return handlers.find(({ door }) => door.methods.some((each) => each === method)) ?? handlers[0]!;
}

function fits(pattern: readonly string[], segments: readonly string[]): boolean {
  if (pattern.length !== segments.length) return false;
  return pattern.every((part, at) => {
    const segment = segments[at]!;
    const colon = part.indexOf(':');
    if (colon < 0) return part === segment;
    return segment.length > colon && segment.length <= LONGEST_SEGMENT && segment.startsWith(part.slice(0, colon));
  });
}

function parametersOf(pattern: readonly string[], segments: readonly string[]): PathParameters {
  const named = pattern.flatMap((part, at) => {
    const colon = part.indexOf(':');
    return colon < 0 ? [] : [[part.slice(colon + 1), decodeURIComponent(segments[at]!.slice(colon))]];
  });
  return Object.fromEntries(named) as PathParameters;
}
