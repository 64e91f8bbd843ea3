// The four workloads of bench/peers in SIM.JS (npm simjs), in the way of its own examples.
// Usage: with-simjs.mjs <mm1|tandem|hold|timeouts>; for each line `<n> <seed>` on standard input it runs the workload
// once and writes a line of JSON (README.md); with --version the version alone. The package is looked for where this
// file stands and in NODE_PATH.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const require = createRequire(import.meta.url);

/** The package knows browsers only, and puts itself on their `window`. */
function load() {
  globalThis.window = globalThis;
  require('simjs');
  return globalThis.Sim;
}

/** One line of customers through so many stations, each of so many servers; the mean stay, or the mean wait of one. */
function line({ Sim, Entity, Facility }, { stations, servers, rate }, customers, exponential) {
  const sim = new Sim();
  const facilities = Array.from(
    { length: stations },
    (_, index) => new Facility(`station ${index}`, Facility.FCFS, servers),
  );
  let made = 0;
  let sum = 0;
  class Customers extends Entity {
    start() {
      this.setTimer(exponential() / rate).done(this.arrived);
    }
    arrived() {
      this.enter(0, this.time());
      made += 1;
      if (made < customers) this.setTimer(exponential() / rate).done(this.arrived);
    }
    enter(station, arrivedAt) {
      const service = exponential();
      this.useFacility(facilities[station], service).done(this.served, this, [station, arrivedAt, service]);
    }
    served(station, arrivedAt, service) {
      if (station + 1 < stations) this.enter(station + 1, arrivedAt);
      else sum += this.time() - arrivedAt - (stations === 1 ? service : 0);
    }
  }
  sim.addEntity(Customers);
  sim.simulate(Number.POSITIVE_INFINITY);
  return { operations: (stations + 1) * customers, answer: sum / customers };
}

/** Filled before the first run; each further run goes on where the last one ended. */
function holding({ Sim, Entity, Random }) {
  const pending = 100_000;
  const sim = new Sim();
  const filling = new Random(1);
  let draw = () => filling.exponential(1);
  class Holder extends Entity {
    start() {
      this.setTimer(draw()).done(this.due);
    }
    due() {
      this.setTimer(draw()).done(this.due);
    }
  }
  for (let i = 0; i < pending; i++) sim.addEntity(Holder);
  return (events, exponential) => {
    draw = exponential;
    const began = sim.time();
    sim.simulate(Number.POSITIVE_INFINITY, events);
    return { operations: events, answer: sim.time() - began };
  };
}

function timeouts({ Sim, Entity }, jobs, exponential) {
  const sim = new Sim();
  const limit = -Math.log(0.05);
  let made = 0;
  let tries = 0;
  let late = 0;
  class Jobs extends Entity {
    start() {
      this.setTimer(exponential() * 1e-4).done(this.arrived);
    }
    arrived() {
      this.try();
      made += 1;
      if (made < jobs) this.setTimer(exponential() * 1e-4).done(this.arrived);
    }
    try() {
      tries += 1;
      this.setTimer(exponential())
        .done(() => {})
        .waitUntil(limit, this.late);
    }
    late() {
      late += 1;
      this.try();
    }
  }
  sim.addEntity(Jobs);
  sim.simulate(Number.POSITIVE_INFINITY);
  return { operations: jobs + 2 * tries, answer: late / tries };
}

const [name] = process.argv.slice(2);
if (name === '--version') {
  process.stdout.write(`${require('simjs/package.json').version}\n`);
} else {
  const simjs = load();
  const run = {
    mm1: () => (n, exponential) => line(simjs, { stations: 1, servers: 1, rate: 0.8 }, n, exponential),
    tandem: () => (n, exponential) => line(simjs, { stations: 5, servers: 4, rate: 3.2 }, n, exponential),
    hold: () => holding(simjs),
    timeouts: () => (n, exponential) => timeouts(simjs, n, exponential),
  }[name]();
  for await (const input of createInterface({ input: process.stdin })) {
    const [n, seed] = input.split(' ').map(Number);
    const random = new simjs.Random(seed);
    const began = process.cpuUsage();
    const { operations, answer } = run(n, () => random.exponential(1));
    const { user, system } = process.cpuUsage(began);
    process.stdout.write(`${JSON.stringify({ operations, seconds: (user + system) / 1e6, answer })}\n`);
  }
}
