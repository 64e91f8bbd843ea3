import { expect, test } from 'vitest';
import { drawScenario } from './random-scenario.js';
import { runSwarmScenario, type SwarmOutcome } from './swarm-run.js';

const defaultCount = 100;
/** `npm run swarm` asks for more. */
const count = Number(process.env['MAILFLOW_SWARM'] ?? defaultCount);
/** Only this scenario, which a failure spells out with all that it breaks. */
const only = process.env['MAILFLOW_SWARM_ONLY'];
/** Every so many scenarios one is run twice. */
const twiceEvery = 20;

/** What runs have met. */
const met = new Set<string>();

/** What a swarm meets that is worth its name. */
const toMeet = [
  ...['server-outage', 'service-outage', 'server-slowdown', 'site-outage', 'site-link-outage'],
  ...['site-link-slowdown', 'database-move', 'database-outage', 'remote-domain-outage', 'routing-change'],
  ...['remote-domain-slowdown', 'dns-outage', 'drain', 'queue-resubmission', 'failover', 'dismount'],
  ...['disk-full', 'back-pressure', 'refused under pressure', 'held up under pressure'],
  ...['database-failover', 'safety-net', 'lost', 'duplicates'],
  ...['unshadowed', 'refused', 'discarded', 'promoted', 'duplicatesDropped'],
  ...['redirects: active-elsewhere', 'redirects: drain', 'backoffs', 'fallbacks', 'delay notices'],
  ...['retries of connections', 'retries of messages', 'expired', 'returned', 'expanded'],
];

function note({ result, faultKinds }: SwarmOutcome): void {
  for (const kind of faultKinds) met.add(kind);
  if (result === null) return;
  const { recipients, redirects, backoffs, fallbacks, retries, delayNotices, backPressure, protection } =
    result;
  if (backPressure.rejected > 0) met.add('refused under pressure');
  if (backPressure.tarpitMs > 0) met.add('held up under pressure');
  for (const each of ['unshadowed', 'refused', 'discarded', 'promoted', 'duplicatesDropped'] as const)
    if (protection[each] > 0) met.add(each);
  for (const { name } of redirects.byCause) met.add(`redirects: ${name}`);
  if (backoffs.bySite.length > 0) met.add('backoffs');
  if (fallbacks.byReason.length > 0) met.add('fallbacks');
  if (delayNotices > 0) met.add('delay notices');
  if (retries.connections > 0) met.add('retries of connections');
  if (retries.messages > 0) met.add('retries of messages');
  for (const end of ['expired', 'returned', 'expanded', 'lost', 'duplicates'] as const)
    if (recipients[end] > 0) met.add(end);
}

/** The laws that a scenario breaks as text, with what repeats it. */
async function findBreach(number: number): Promise<string | undefined> {
  const scenario = drawScenario(number);
  const again = `MAILFLOW_SWARM_ONLY=${number} npx vitest run tests/swarm/swarm.test.ts`;
  try {
    const first = await runSwarmScenario(scenario);
    note(first);
    if (first.broken.length > 0) {
      const shown =
        only === undefined ? first.broken.slice(0, 3) : [...first.broken, scenario.file, scenario.replay];
      return [`scenario ${number} breaks a law; again by:`, again, ...shown].join('\n');
    }
    if (number % twiceEvery !== 0 && only === undefined) return undefined;
    const { bytes } = await runSwarmScenario(scenario);
    return bytes === first.bytes ? undefined : `scenario ${number} differs from itself; again by:\n${again}`;
  } catch (error) {
    return `scenario ${number} cannot be read; again by:\n${again}\n${String(error)}`;
  }
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
  if (numbers.length >= defaultCount) expect(toMeet.filter((each) => !met.has(each))).toEqual([]);
});
