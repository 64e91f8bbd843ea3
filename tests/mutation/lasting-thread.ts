import { type PoolOptions, type PoolWorker, ThreadsPoolWorker, type WorkerRequest } from 'vitest/node';

type Listener = (value: unknown) => void;

/** After as many runs the thread is renewed, so that nothing piles up in it. */
const runsEach = 200;

interface LastingThread {
  readonly worker: ThreadsPoolWorker;
  runs: number;
}

let lasting: LastingThread | undefined;

/**
 * A thread for tests that outlives the run. A mutant's run takes a few tests of modules that are loaded already: to load
 * them anew for each would take most of the time. Vitest reads files of tests again in each run by itself.
 */
export function createLastingThread(options: PoolOptions): PoolWorker {
  const attached: [event: string, listener: Listener][] = [];
  const { project } = options;
  let thread: LastingThread;
  let isNew = false;

  function answer(type: 'started' | 'stopped'): void {
    const messages = attached.filter(([event]) => event === 'message');
    for (const [, listener] of messages) listener({ __vitest_worker_response__: true, type });
  }

  return {
    name: 'lasting-thread',
    async start() {
      isNew = lasting === undefined;
      lasting ??= { worker: new ThreadsPoolWorker(options), runs: 0 };
      thread = lasting;
      if (isNew) await thread.worker.start();
    },
    async stop() {
      for (const [event, listener] of attached) thread.worker.off(event, listener);
      attached.length = 0;
      if (thread.runs < runsEach) return;
      await endLastingThread();
    },
    send(message: WorkerRequest) {
      if (message.type === 'stop') setImmediate(answer, 'stopped');
      else if (message.type === 'start' && !isNew) setImmediate(answer, 'started');
      else if (message.type === 'run') {
        thread.runs++;
        // What came with `start` may be that of an earlier run.
        const config = project.serializedConfig;
        thread.worker.send({ ...message, context: { ...message.context, config } } as WorkerRequest);
      } else thread.worker.send(message);
    },
    on(event: string, listener: Listener) {
      attached.push([event, listener]);
      thread.worker.on(event, listener);
    },
    off(event: string, listener: Listener) {
      const place = attached.findIndex(([each, other]) => each === event && other === listener);
      if (place !== -1) attached.splice(place, 1);
      thread.worker.off(event, listener);
    },
    deserialize: (data: unknown) => data,
  };
}

/** Ends the thread, if there is one. */
export async function endLastingThread(): Promise<void> {
  const thread = lasting;
  lasting = undefined;
  await thread?.worker.stop();
}
