import { measureTwoDays } from './two-days/measure-two-days.js';

/** One of the two runs of `bench:two-days`, in a process of its own: `<hours> healthy` or `<hours> waiting`. */
const [hours = '', what = ''] = process.argv.slice(2);
process.stdout.write(JSON.stringify(await measureTwoDays(Number(hours), what === 'waiting')));
