// The four workloads of bench/peers as loops of plain JavaScript written for them alone: what the language does without an
// engine.
//   typed-arrays  a 4-ary heap of numbers in typed arrays, no callbacks; a cancelled event stays in it
//   objects       an object with a callback for each event, in a 4-ary heap ordered by time and number; cancelled by a flag
// Usage: by-hand.mjs <typed-arrays|objects> <mm1|tandem|hold|timeouts>; for each line `<n> <seed>` on standard input it
// runs the workload once and writes a line of JSON (README.md).
// Events of one instant come in any order in typed arrays; mailflow's come in the order in which they were scheduled.
import { createInterface } from 'node:readline';

const timer = -Math.log(0.05);
const pending = 100_000;

/** sfc32 (Doty-Humphrey): 128 bits of state, 32 bits a draw. */
class Random {
  constructor(seed) {
    this.a = seed | 0;
    this.b = 0x9e3779b9 | 0;
    this.c = 0x243f6a88;
    this.counter = 1;
    for (let n = 0; n < 20; n++) this.bits();
  }
  bits() {
    const sum = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }
  /** Mean 1. */
  exponential() {
    return -Math.log((this.bits() + 0.5) / 4_294_967_296);
  }
}

/** Times with two numbers each; the popped event is left in `at[0]`, `kind` and `subject`. */
class TypedHeap {
  times = new Float64Array(1_024);
  kinds = new Int32Array(1_024);
  subjects = new Int32Array(1_024);
  at = new Float64Array(1);
  kind = 0;
  subject = 0;
  size = 0;

  push(time, kind, subject) {
    if (this.size === this.times.length) this.grow();
    const { times, kinds, subjects } = this;
    let place = this.size++;
    while (place > 0) {
      const parent = (place - 1) >> 2;
      if (times[parent] <= time) break;
      times[place] = times[parent];
      kinds[place] = kinds[parent];
      subjects[place] = subjects[parent];
      place = parent;
    }
    times[place] = time;
    kinds[place] = kind;
    subjects[place] = subject;
  }

  pop() {
    const { times, kinds, subjects } = this;
    this.at[0] = times[0];
    this.kind = kinds[0];
    this.subject = subjects[0];
    const last = --this.size;
    const time = times[last];
    let place = 0;
    for (let child = 1; child < last; child = (place << 2) + 1) {
      let least = child;
      const end = Math.min(child + 4, last);
      for (let each = child + 1; each < end; each++) if (times[each] < times[least]) least = each;
      if (times[least] >= time) break;
      times[place] = times[least];
      kinds[place] = kinds[least];
      subjects[place] = subjects[least];
      place = least;
    }
    times[place] = time;
    kinds[place] = kinds[last];
    subjects[place] = subjects[last];
  }

  grow() {
    for (const column of ['times', 'kinds', 'subjects']) {
      const longer = new this[column].constructor(2 * this.size);
      longer.set(this[column]);
      this[column] = longer;
    }
  }
}

/** Numbers, first in, first out. */
class Line {
  places = new Float64Array(1_024);
  head = 0;
  size = 0;
  push(value) {
    if (this.size === this.places.length) {
      const longer = new Float64Array(2 * this.size);
      for (let n = 0; n < this.size; n++) longer[n] = this.places[(this.head + n) & (this.size - 1)];
      this.places = longer;
      this.head = 0;
    }
    this.places[(this.head + this.size++) & (this.places.length - 1)] = value;
  }
  pop() {
    const value = this.places[this.head];
    this.head = (this.head + 1) & (this.places.length - 1);
    this.size--;
    return value;
  }
}

const withTypedArrays = {
  mm1: () => (customers, random) => {
    const heap = new TypedHeap();
    const waiting = new Line();
    let [busy, waited, made, served] = [false, 0, 0, 0];
    heap.push(random.exponential() / 0.8, 0, 0);
    while (served < customers) {
      heap.pop();
      const now = heap.at[0];
      if (heap.kind === 0) {
        if (++made < customers) heap.push(now + random.exponential() / 0.8, 0, 0);
        if (busy) waiting.push(now);
        else {
          busy = true;
          heap.push(now + random.exponential(), 1, 0);
        }
      } else {
        served++;
        if (waiting.size > 0) {
          waited += now - waiting.pop();
          heap.push(now + random.exponential(), 1, 0);
        } else busy = false;
      }
    }
    return { operations: 2 * customers, answer: waited / customers };
  },

  // An event of kind 0 is an arrival, of kind s a departure from station s - 1.
  tandem: () => (customers, random) => {
    const heap = new TypedHeap();
    const arrivedAt = new Float64Array(customers);
    const waiting = Array.from({ length: 5 }, () => new Line());
    const busy = new Int32Array(5);
    let [stays, made, served] = [0, 0, 0];
    const enter = (station, customer, now) => {
      if (busy[station] < 4) {
        busy[station]++;
        heap.push(now + random.exponential(), station + 1, customer);
      } else waiting[station].push(customer);
    };
    heap.push(random.exponential() / 3.2, 0, 0);
    while (served < customers) {
      heap.pop();
      const now = heap.at[0];
      const { kind, subject } = heap;
      if (kind === 0) {
        const customer = made++;
        arrivedAt[customer] = now;
        if (made < customers) heap.push(now + random.exponential() / 3.2, 0, 0);
        enter(0, customer, now);
      } else {
        const line = waiting[kind - 1];
        if (line.size > 0) heap.push(now + random.exponential(), kind, line.pop());
        else busy[kind - 1]--;
        if (kind < 5) enter(kind, subject, now);
        else {
          stays += now - arrivedAt[subject];
          served++;
        }
      }
    }
    return { operations: 6 * customers, answer: stays / customers };
  },

  // Filled before the first run; each further run goes on where the last one ended.
  hold: () => {
    const heap = new TypedHeap();
    const filling = new Random(1);
    for (let n = 0; n < pending; n++) heap.push(filling.exponential(), 0, n);
    let began = 0;
    return (events, random) => {
      for (let n = 0; n < events; n++) {
        heap.pop();
        heap.push(heap.at[0] + random.exponential(), 0, heap.subject);
      }
      const answer = heap.at[0] - began;
      began = heap.at[0];
      return { operations: events, answer };
    };
  },

  // An event is out of date when its job has begun another try, or has ended: its kind has the number of the try.
  timeouts: () => (jobs, random) => {
    const heap = new TypedHeap();
    const tryOf = new Int32Array(jobs);
    let [made, done, late, tries] = [0, 0, 0, 0];
    const begin = (job, now) => {
      tries++;
      heap.push(now + random.exponential(), (tryOf[job] << 1) | 1, job);
      heap.push(now + timer, tryOf[job] << 1, job);
    };
    heap.push(random.exponential() * 1e-4, 0, 0);
    while (done < jobs) {
      heap.pop();
      const now = heap.at[0];
      const { kind, subject } = heap;
      if (kind === 0) {
        const job = made++;
        if (made < jobs) heap.push(now + random.exponential() * 1e-4, 0, 0);
        tryOf[job] = 1;
        begin(job, now);
      } else if (kind >> 1 === tryOf[subject]) {
        tryOf[subject]++;
        if ((kind & 1) === 1) done++;
        else {
          late++;
          begin(subject, now);
        }
      }
    }
    return { operations: jobs + 2 * tries, answer: late / tries };
  },
};

/** Events as objects with a callback. */
class Simulation {
  heap = [];
  now = 0;
  scheduled = 0;
  stopped = false;

  after(delay, run, of) {
    const event = { at: this.now + delay, number: this.scheduled++, run, of, cancelled: false };
    const { heap } = this;
    let place = heap.length;
    heap.push(event);
    while (place > 0) {
      const parent = (place - 1) >> 2;
      if (heap[parent].at <= event.at) break;
      heap[place] = heap[parent];
      place = parent;
    }
    heap[place] = event;
    return event;
  }

  pop() {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (heap.length === 0) return first;
    let place = 0;
    for (let child = 1; child < heap.length; child = (place << 2) + 1) {
      let least = child;
      const end = Math.min(child + 4, heap.length);
      for (let each = child + 1; each < end; each++) if (goesBefore(heap[each], heap[least])) least = each;
      if (!goesBefore(heap[least], last)) break;
      heap[place] = heap[least];
      place = least;
    }
    heap[place] = last;
    return first;
  }

  run() {
    this.stopped = false;
    while (this.heap.length > 0 && !this.stopped) {
      const event = this.pop();
      if (event.cancelled) continue;
      this.now = event.at;
      event.run(event.of);
    }
  }
}

function goesBefore(one, other) {
  return one.at < other.at || (one.at === other.at && one.number < other.number);
}

/** One line of customers through so many stations, each of so many servers; the mean stay, or the mean wait of one. */
function line({ stations, servers, rate }) {
  return (customers, random) => {
    const simulation = new Simulation();
    let [made, sum] = [0, 0];
    class Station {
      busy = 0;
      waiting = [];
      head = 0;
      left = (customer) => this.leave(customer);
      constructor(passOn) {
        this.passOn = passOn;
      }
      enter(customer) {
        customer.came = simulation.now;
        if (this.busy < servers) {
          this.busy++;
          this.serve(customer);
        } else this.waiting.push(customer);
      }
      serve(customer) {
        if (stations === 1) sum += simulation.now - customer.came;
        simulation.after(random.exponential(), this.left, customer);
      }
      leave(customer) {
        if (this.head < this.waiting.length) {
          this.serve(this.waiting[this.head++]);
          if (this.head > 1_024 && 2 * this.head > this.waiting.length) {
            this.waiting = this.waiting.slice(this.head);
            this.head = 0;
          }
        } else this.busy--;
        this.passOn(customer);
      }
    }
    let first = (customer) => {
      if (stations > 1) sum += simulation.now - customer.born;
    };
    for (let n = 0; n < stations; n++) {
      const station = new Station(first);
      first = (customer) => station.enter(customer);
    }
    const arrive = () => {
      if (++made < customers) simulation.after(random.exponential() / rate, arrive);
      first({ born: simulation.now, came: 0 });
    };
    simulation.after(random.exponential() / rate, arrive);
    simulation.run();
    return { operations: (stations + 1) * customers, answer: sum / customers };
  };
}

const withObjects = {
  mm1: () => line({ stations: 1, servers: 1, rate: 0.8 }),
  tandem: () => line({ stations: 5, servers: 4, rate: 3.2 }),

  hold: () => {
    const simulation = new Simulation();
    let random = new Random(1);
    let left = 0;
    const due = () => {
      simulation.after(random.exponential(), due);
      if (--left === 0) simulation.stopped = true;
    };
    for (let n = 0; n < pending; n++) simulation.after(random.exponential(), due);
    return (events, draws) => {
      random = draws;
      left = events;
      const began = simulation.now;
      simulation.run();
      return { operations: events, answer: simulation.now - began };
    };
  },

  timeouts: () => (jobs, random) => {
    const simulation = new Simulation();
    let [made, tries, late] = [0, 0, 0];
    const begin = (job) => {
      tries++;
      job.end = simulation.after(random.exponential(), ended, job);
      job.timer = simulation.after(timer, timedOut, job);
    };
    const ended = (job) => {
      job.timer.cancelled = true;
    };
    const timedOut = (job) => {
      job.end.cancelled = true;
      late++;
      begin(job);
    };
    const arrive = () => {
      if (++made < jobs) simulation.after(random.exponential() * 1e-4, arrive);
      begin({ end: null, timer: null });
    };
    simulation.after(random.exponential() * 1e-4, arrive);
    simulation.run();
    return { operations: jobs + 2 * tries, answer: late / tries };
  },
};

const [way, name] = process.argv.slice(2);
const run = { 'typed-arrays': withTypedArrays, objects: withObjects }[way][name]();
for await (const input of createInterface({ input: process.stdin })) {
  const [n, seed] = input.split(' ').map(Number);
  const random = new Random(seed);
  const began = process.cpuUsage();
  const { operations, answer } = run(n, random);
  const { user, system } = process.cpuUsage(began);
  process.stdout.write(`${JSON.stringify({ operations, seconds: (user + system) / 1e6, answer })}\n`);
}
