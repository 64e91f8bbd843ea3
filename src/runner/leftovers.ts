import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type FinishedReplication, JobFiles } from './job-files.js';
import { jobsFolder } from './own-files.js';
import { readReplicationsFile } from './replications-file.js';

/** What an interrupted run left in its partial folder, as far as it is worth something. */
export interface Leftovers {
  /** Those that can be gone on from. */
  readonly finished: readonly FinishedReplication[];
  /** `replicationKey` of an incomplete result; undefined where there is none. */
  readonly resultKey: string | undefined;
}

/** Looks at a partial folder in which all is ours. */
export function leftoversIn(partial: string): Leftovers {
  const jobs = join(partial, jobsFolder);
  return {
    finished: existsSync(jobs) ? new JobFiles(jobs).finishedReplications() : [],
    resultKey: resultKeyIn(join(partial, 'replications.json')),
  };
}

function resultKeyIn(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  try {
    const { head, replications } = readReplicationsFile(path);
    return replications.length > 0 && typeof head['key'] === 'string' ? head['key'] : undefined;
  } catch (error) {
    // Half written: nothing that could be read.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
