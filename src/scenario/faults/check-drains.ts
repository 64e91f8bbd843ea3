import { normalizeName } from '../../topology/index.js';
import type { NoteFault } from './check-together.js';
import type { DrainFault } from './drain.js';

/**
 * What drains say together (QU-12): a problem where servers hand on to one another in a ring what none of them would ever
 * be rid of, a warning where at some time all servers that one is drained to are drained themselves and take nothing.
 */
export function checkDrains(drains: readonly DrainFault[], problem: NoteFault, warning: NoteFault): void {
  const inOrder = drains.toSorted((a, b) => a.beginMs - b.beginMs);
  const ofServer = new Map<string, DrainFault[]>();
  for (const drain of inOrder) {
    const name = normalizeName(drain.server);
    ofServer.set(name, [...(ofServer.get(name) ?? []), drain]);
  }
  const noted = new Set<string>();
  // A ring is closed when the last of its drains begins; all of them last then.
  for (const last of inOrder) {
    const others = findRing(last, ofServer);
    if (others === undefined) continue;
    const ring = [last, ...others];
    const places = ring.map((drain) => drains.indexOf(drain));
    const at = places.indexOf(Math.max(...places));
    const [noting, ...further] = [...ring.slice(at), ...ring.slice(0, at)] as [DrainFault, ...DrainFault[]];
    const [first, ...rest] = [...further, noting].map(({ server }) => JSON.stringify(server));
    const message = `${first} is drained to ${rest.join(', on to ')} at the same time (QU-12)`;
    if (noted.has(message)) continue;
    noted.add(message);
    problem(noting, ['to'], message);
  }
  for (const drain of drains) {
    if (!hasNobody(drain, ofServer)) continue;
    const [only] = drain.to;
    const who = drain.to.length === 1 ? `${JSON.stringify(only)} is` : 'all of them are';
    warning(
      drain,
      ['to'],
      `${who} drained at the same time: nobody takes what ${JSON.stringify(drain.server)} has`,
    );
  }
}

type DrainsOf = ReadonlyMap<string, readonly DrainFault[]>;

/** Drains, in force when `last` begins, that lead from a server that it names back to its own; those at its side only. */
function findRing(last: DrainFault, ofServer: DrainsOf): readonly DrainFault[] | undefined {
  const home = normalizeName(last.server);
  const ways: (readonly DrainFault[])[] = [];
  const seen = new Set<string>();
  const goOn = (names: readonly string[], way: readonly DrainFault[]) => {
    for (const name of names.map(normalizeName)) {
      if (seen.has(name)) continue;
      seen.add(name);
      for (const drain of lasting(name, last.beginMs, ofServer)) ways.push([...way, drain]);
    }
  };
  goOn(last.to, []);
  for (let way = ways.shift(); way !== undefined; way = ways.shift()) {
    const { to } = way.at(-1)!;
    if (to.some((name) => normalizeName(name) === home)) return way;
    goOn(to, way);
  }
  return undefined;
}

/** Whether at some time all servers that one is drained to are drained. */
function hasNobody(drain: DrainFault, ofServer: DrainsOf): boolean {
  const begins = drain.to.flatMap((name) =>
    (ofServer.get(normalizeName(name)) ?? []).map(({ beginMs }) => beginMs),
  );
  return [drain.beginMs, ...begins].some(
    (atMs) =>
      atMs >= drain.beginMs &&
      atMs < drain.endMs &&
      drain.to.every((name) => lasting(normalizeName(name), atMs, ofServer).length > 0),
  );
}

/** The drains of a server that are in force at a time. */
function lasting(name: string, atMs: number, ofServer: DrainsOf): readonly DrainFault[] {
  return (ofServer.get(name) ?? []).filter(({ beginMs, endMs }) => beginMs <= atMs && atMs < endMs);
}
