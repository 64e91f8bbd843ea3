import { expect, test } from 'vitest';
import { drawScenario } from './random-scenario.js';
import { runSwarmScenario } from './swarm-run.js';

const defaultCount = 100;
/** `npm run swarm` asks for more. */
const count = Number(process.env['MAILFLOW_SWARM'] ?? defaultCount);
/** Only this scenario, which a failure spells out with all that it breaks. */
const only = process.env['MAILFLOW_SWARM_ONLY'];
/** Every so many scenarios one is run twice. */
const twiceEvery = 20;

/** The laws that a scenario breaks as text, with what repeats it. */
async function findBreach(number: number): Promise<string | undefined> {
  const scenario = drawScenario(number);
  const { broken, bytes } = await runSwarmScenario(scenario).catch((error: unknown) => ({
    broken: [`it is no scenario: ${String(error)}`],
    bytes: '',
  }));
  const again = `MAILFLOW_SWARM_ONLY=${number} npx vitest run tests/swarm/swarm.test.ts`;
  if (broken.length > 0) {
    const shown = only === undefined ? broken.slice(0, 3) : [...broken, scenario.file, scenario.replay];
    return [`scenario ${number} breaks a law; again by:`, again, ...shown].join('\n');
  }
  if (number % twiceEvery !== 0 && only === undefined) return undefined;
  const second = await runSwarmScenario(scenario);
  return second.bytes === bytes ? undefined : `scenario ${number} differs from itself; again by:\n${again}`;
}

test(`the laws hold in ${count.toLocaleString('en')} random scenarios, and the same seed gives the same bytes`, {
  timeout: 600_000 * Math.ceil(count / defaultCount),
}, async () => {
  const numbers =
    only === undefined ? Array.from({ length: count }, (_, number) => number) : [Number.parseInt(only, 10)];
  const breaches: string[] = [];
  for (const number of numbers) {
    const breach = await findBreach(number);
    if (breach !== undefined) breaches.push(breach);
  }
  expect(breaches.join('\n\n')).toBe('');
});
