import { closeSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import type { CommandContext } from './command.js';

const chunkBytes = 2 ** 20;

/** Answers with a document that has been written, piece by piece: it may be longer than a text can be. */
export function answerFile(path: string, context: Pick<CommandContext, 'answer'>): void {
  const file = openSync(path, 'r');
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
