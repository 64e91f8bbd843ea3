/**
 * Has what else asks a process to end, a supervisor or a closed terminal, do as SIGINT does: the result so far is
 * written and marked, and a second one ends the process at once.
 * @returns undoes it
 */
export function endAsInterrupted(): () => void {
  const interrupt = (): void => void process.emit('SIGINT');
  for (const signal of endingSignals) process.on(signal, interrupt);
  return () => {
    for (const signal of endingSignals) process.off(signal, interrupt);
  };
}

const endingSignals = ['SIGTERM', 'SIGHUP'] as const;
