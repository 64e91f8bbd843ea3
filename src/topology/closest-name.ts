import { compareNames, normalizeName } from './names.js';

/** The name most like `wanted` among `known`, if one is like enough to be a slip of the pen; without regard to case. */
export function closestName(wanted: string, known: Iterable<string>): string | undefined {
  const whole = normalizeName(wanted);
  const target = whole.slice(0, longestCompared);
  const allowed = Math.floor(target.length / 3);
  let best: string | undefined;
  let bestDistance = allowed + 1;
  for (const name of firstOf(known)) {
    const candidate = normalizeName(name);
    if (candidate === whole) return name;
    if (Math.abs(candidate.length - target.length) >= bestDistance) continue;
    // MBX9 is no slip for MBX1: numbered names are all alike.
    if (withoutDigits(candidate) === withoutDigits(target)) continue;
    const distance = editDistance(target, candidate);
    if (distance < bestDistance) {
      best = name;
      bestDistance = distance;
    }
  }
  return best;
}

/** `did you mean "B1"?`, or the known names in order, the first few of them. */
export function hintAt(wanted: string, known: Iterable<string>): string {
  const names = [...new Set(firstOf(known))];
  const closest = closestName(wanted, names);
  if (closest !== undefined) return `did you mean ${JSON.stringify(closest)}?`;
  if (names.length === 0) return 'there are none';
  const shown = names.sort(compareNames).slice(0, mostListed).join(', ');
  return `known: ${shown}${names.length > mostListed ? ', …' : ''}`;
}

/** So that a hint at one of a million names stays cheap. */
function* firstOf(names: Iterable<string>): Iterable<string> {
  let count = 0;
  for (const name of names) {
    if (++count > mostCompared) return;
    yield name;
  }
}

function withoutDigits(name: string): string {
  return name.replace(/\d/g, '');
}

const mostCompared = 10_000;
const longestCompared = 128;
const mostListed = 12;

/** Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(row[j - 1]! + 1, last[j]! + 1, last[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, beforeLast[j - 2]! + 1);
      }
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
