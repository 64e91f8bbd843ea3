import { stages } from '../../sim/model/index.js';
import type { MetricContext } from '../metrics/kind.js';
import { printedMs, toMicroseconds } from '../printed-numbers.js';
import type { Cell } from './columns.js';
import type { Recorder } from './recorder.js';

const noStages: readonly Cell[] = stages.map(() => '');

/**
 * `messages.csv`: a row for each recipient that ended, in that order, then one for each that is pending. A pending
 * row has no end, and no hops and stages, which only a message that ended can tell.
 *
 * A stage is the difference of its two boundaries as printed, so that the printed stages of a row add up to its
 * printed `endMs` less `submittedMs` exactly.
 */
export function recordMessages({ replication, emit, view }: MetricContext): Recorder {
  const serverName = (server: number) => view().topology.servers[server]?.name ?? '';
  return {
    facts: {
      ended(atMs, end, { message, submittedMs }, recipient, server, hops, stageMs, offset) {
        const row: Cell[] = [
          replication,
          message,
          view().recipientAddress(recipient),
          printedMs(submittedMs),
          end,
          printedMs(atMs),
          serverName(server),
          hops,
        ];
        let boundaryMs = submittedMs;
        let printed = toMicroseconds(submittedMs);
        for (let stage = 0; stage < stages.length; stage++) {
          boundaryMs += stageMs[offset + stage]!;
          const next = toMicroseconds(boundaryMs);
          row.push((next - printed) / 1_000);
          printed = next;
        }
        emit('messages', row);
      },
    },
    close() {
      view().forEachPending(({ message, submittedMs }, recipient, server) => {
        emit('messages', [
          replication,
          message,
          view().recipientAddress(recipient),
          printedMs(submittedMs),
          'pending',
          '',
          serverName(server),
          '',
          ...noStages,
        ]);
      });
    },
  };
}
