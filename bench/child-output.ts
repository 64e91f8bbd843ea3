import { spawn } from 'node:child_process';

/**
 * What a program of this project writes to its standard output, run in a process of its own; what it says on standard error
 * goes to this one's.
 * @throws Error when it does not end with 0
 */
export async function childOutput(program: string, args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const code = await new Promise<number | null>((done, failed) => {
    child.on('error', failed);
    child.on('close', done);
  });
  if (code !== 0) throw new Error(`its process ended with ${code ?? 'a signal'}`);
  return Buffer.concat(chunks).toString('utf8');
}
