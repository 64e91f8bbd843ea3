import { comesWith } from './schema/objects.js';
import { childOf, type PathSegment } from './source/path.js';
import type { ProblemSink } from './source/problem-list.js';

/** A key of an organization's elements that the transport model does not know, and the values that use it. */
interface NotSimulated {
  readonly list: string;
  readonly key: string;
  used(value: unknown): boolean;
  /** How the error names it. */
  name(value: unknown): string;
}

const isThere = (value: unknown) => value !== undefined;

const notSimulated: readonly NotSimulated[] = [
  {
    list: 'servers',
    key: 'version',
    used: (value) => value === '2007' || value === '2010',
    name: (value) => `version: ${String(value)}`,
  },
  {
    list: 'servers',
    key: 'roles',
    used: (value) => Array.isArray(value) && value.includes('edge'),
    name: () => 'roles: [edge]',
  },
  { list: 'edgeSubscriptions', key: 'edgeServer', used: isThere, name: () => 'edgeSubscriptions' },
];

/** Notes what an organization holds that `route`, `check` and `diff` know, and a simulation does not yet. */
export function refuseWhatIsNotSimulated(
  organization: unknown,
  base: readonly PathSegment[],
  problems: ProblemSink,
): void {
  for (const { list, key, used, name } of notSimulated) {
    const elements = childOf(organization, list);
    if (!Array.isArray(elements)) continue;
    for (const [index, element] of elements.entries()) {
      const value = childOf(element, key);
      if (!used(value)) continue;
      const message = `\`${name(value)}\` in a simulation is not built yet: ${comesWith.model}`;
      problems.add([...base, list, index, key], message);
    }
  }
}
