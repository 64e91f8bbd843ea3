import { describe, expect, it } from 'vitest';
import { topologyOf } from '../../../tests/conformance/organization-builder.js';
import { countVotes } from './dag-majority.js';

const topology = topologyOf({
  links: ['A-B 10'],
  servers: ['A1@A', 'A2@A', 'B1@B', 'B2@B'],
  dags: { DAG1: ['A1', 'A2', 'B1', 'B2'] },
});
const [dag] = topology.dags;
const up = { isUp: () => true };

describe('A-majority', () => {
  it('counts the votes of members, and that of the witness beside the first', () => {
    expect(countVotes(dag!, topology, up, { connected: () => true })).toEqual({
      majority: [0, 1, 2, 3],
      largest: 5,
      all: 5,
    });
    expect(countVotes(dag!, topology, up, { connected: () => false })).toEqual({
      majority: [0, 1],
      largest: 3,
      all: 5,
    });
    const withoutA = { isUp: (server: number) => server >= 2 };
    expect(countVotes(dag!, topology, withoutA, { connected: () => false })).toEqual({
      majority: [],
      largest: 2,
      all: 5,
    });
  });

  it('sites see each other only if they do both ways', () => {
    for (const source of [0, 1]) {
      const oneWay = { connected: (site: number) => site === source };
      expect(countVotes(dag!, topology, up, oneWay).majority).toEqual([0, 1]);
    }
  });
});
