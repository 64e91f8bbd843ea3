import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import type { ReportedPoint } from '../report/index.js';
import type { SweptPoint } from '../runner/index.js';
import type { CommandContext } from './command.js';

/** Of a point what its row shows: a sweep may have too many to keep all of each. */
export function reportedPoint({ set, summary }: SweptPoint): ReportedPoint {
  if (summary === null) return { set, summary };
  const { deliveryLatency, throughput, recipients, thresholds } = summary;
  return { set, summary: { deliveryLatency, throughput, recipients, thresholds } };
}

const chunkBytes = 2 ** 20;

/** Answers with the `sweep.json` of a result, piece by piece: it may be longer than a text can be. */
export function answerFile(folder: string, context: Pick<CommandContext, 'answer'>): void {
  const file = openSync(join(folder, 'sweep.json'), 'r');
  try {
    const decoder = new StringDecoder('utf8');
    const chunk = Buffer.alloc(chunkBytes);
    for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk)) {
      context.answer(decoder.write(chunk.subarray(0, read)));
    }
  } finally {
    closeSync(file);
  }
}
