import { createHash, type Hash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runReplication } from '../../src/experiment/index.js';
import { compileRoutingTables } from '../../src/routing/index.js';
import { loadScenario } from '../../src/runner/index.js';
import { buildTopology } from '../../src/topology/index.js';

/**
 * What must not change by accident, in three layers: every event that was executed, the way of every recipient, and
 * all that was measured. Where only `results` differs, the measuring changed; where `events` does, the model.
 */
interface Fingerprint {
  readonly events: string;
  readonly hops: string;
  readonly results: string;
}

const golden = ['two-site-morning', 'real-outage', 'whatif-01-move-of-an-active-copy', 'whatif-04-wan-cut'];
const file = fileURLToPath(new URL('fingerprints.json', import.meta.url));

async function fingerprint(name: string): Promise<Fingerprint> {
  const path = fileURLToPath(new URL(`../../scenarios/${name}/scenario.yaml`, import.meta.url));
  const { scenario } = loadScenario(path);
  const tables = compileRoutingTables(buildTopology(scenario.organization));
  const events = createHash('sha256');
  const hops = createHash('sha256');
  const results = createHash('sha256');
  const batch = new EventBatch(events);
  const { result } = await runReplication(scenario, tables, 1, {
    sink: (table, cells) => {
      const ways = table === 'messages' || table === 'backoffs' || table === 'redirects';
      (ways ? hops : results).update(`${table},${cells.join(',')}\n`);
    },
    recordMessages: true,
    onEvent: (atMs, _kind, subject) => batch.add(atMs, subject),
  });
  batch.flush();
  results.update(JSON.stringify(result));
  return { events: events.digest('hex'), hops: hops.digest('hex'), results: results.digest('hex') };
}

/** Hashes events a thousand at a time; not their kinds, whose numbers change with every component that is added. */
class EventBatch {
  readonly #hash: Hash;
  readonly #numbers = new Float64Array(2_000);
  #used = 0;

  constructor(hash: Hash) {
    this.#hash = hash;
  }

  add(atMs: number, subject: number): void {
    this.#numbers[this.#used++] = atMs;
    this.#numbers[this.#used++] = subject;
    if (this.#used === this.#numbers.length) this.flush();
  }

  flush(): void {
    this.#hash.update(new Uint8Array(this.#numbers.buffer, 0, this.#used * Float64Array.BYTES_PER_ELEMENT));
    this.#used = 0;
  }
}

describe('golden scenarios keep their fingerprints; `npm run golden` takes new ones', () => {
  const update = process.env['MAILFLOW_UPDATE'] === 'golden';
  const known = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Fingerprint>;
  const taken: Record<string, Fingerprint> = {};

  for (const name of golden) {
    it(name, async () => {
      taken[name] = await fingerprint(name);
      if (!update) expect(taken[name]).toEqual(known[name]);
      else if (name === golden.at(-1)) writeFileSync(file, `${JSON.stringify(taken, null, 2)}\n`);
    });
  }
});
