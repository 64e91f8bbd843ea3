import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/*
 * What a process makes for a while carries in its name which process that is: a later one then sees whether it has been
 * left behind, by a kill, or belongs to one that lives.
 */

/** What names made by `processTag` look like in a regular expression. */
export const processTagPattern = '[0-9a-f]{8}-\\d{1,10}';

/** Names this process. */
export function processTag(): string {
  return `${processSpace()}-${process.pid}`;
}

/**
 * Whether a process is known to be gone. Of one of another machine, or of another container, nothing is known: another
 * may have its number here.
 * @param tag - as `processTag` made it
 */
export function isProcessGone(tag: string): boolean {
  const [space, pid] = tag.split('-');
  if (space !== processSpace()) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    // EPERM: it lives, and is somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}

/** Names what process numbers are counted in: a machine, from boot to boot, and on Linux a namespace of it. */
function processSpace(): string {
  const parts = [
    hostname(),
    orNothing(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')),
    orNothing(() => readlinkSync('/proc/self/ns/pid')),
  ];
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 8);
}

/** Systems without these files tell machines apart by their names alone. */
function orNothing(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
