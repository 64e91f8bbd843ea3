import type { ReplicationResult, RunFacts } from '../../measure/index.js';

/** A document for files and `--json`: two spaces, ended by LF. */
export function formatJson(document: unknown): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** What `replications.json` says of the run: all that figures of its replications are worked out with. */
export interface ReplicationsHead
  extends Pick<RunFacts, 'version' | 'scenario' | 'seed' | 'warmUpMs' | 'durationMs'> {
  /** Names what a replication depends on: lists with the same key can be made one. */
  readonly key: string;
}

/** The text of `replications.json` in parts, a line a replication: as a whole it may be too long for one string. */
export function* formatReplicationsJson(
  { version, scenario, seed, warmUpMs, durationMs, key }: ReplicationsHead,
  replications: readonly ReplicationResult[],
): Generator<string> {
  const head = JSON.stringify({
    mailflow: 'replications/1',
    version,
    scenario,
    seed,
    warmUpMs,
    durationMs,
    key,
  });
  yield `${head.slice(0, -1)},"replications":[\n`;
  for (const [index, replication] of replications.entries()) {
    yield `${JSON.stringify(replication)}${index + 1 < replications.length ? ',' : ''}\n`;
  }
  yield ']}\n';
}
