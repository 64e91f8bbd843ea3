import { measureGrowth, measureQueued } from './growth/measure-growth.js';

/** One point of `bench:growth`, in a process of its own: `<servers> <messages>`, or `queued <messages>`. */
const messagesBefore = 100_000;
const [what = '', messages = ''] = process.argv.slice(2);
const point =
  what === 'queued'
    ? await measureQueued({ messages: Number(messages), recipients: 1, isShadowed: true })
    : await measureGrowth({ servers: Number(what), messages: Number(messages) }, messagesBefore);
process.stdout.write(JSON.stringify(point));
