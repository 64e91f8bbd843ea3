// The four workloads of bench/peers in C++: what a single core does with plain records, no virtual calls and no
// allocation in the loop.
//   priority_queue  std::priority_queue; a cancelled event stays in it and is skipped when its turn comes
//   best            the quickest known for each: a 4-ary heap; for `hold` a calendar of days that fit its one time scale;
//                   for `timeouts` a line of timers, which expire in the order in which they were set
// Usage: reference <priority_queue|best> <mm1|tandem|hold|timeouts>; for each line `<n> <seed>` on standard input it runs
// the workload once and writes a line of JSON. See programs/README.md.
// Events of one instant come in any order; mailflow's come in the order in which they were scheduled.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <memory>
#include <queue>
#include <string>
#include <vector>

// xoshiro256++ (Blackman and Vigna), seeded by splitmix64.
struct Random {
  uint64_t s[4];
  explicit Random(uint64_t seed) {
    for (auto &word : s) {
      seed += 0x9e3779b97f4a7c15ull;
      uint64_t z = seed;
      z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
      z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
      word = z ^ (z >> 31);
    }
  }
  static uint64_t rotl(uint64_t v, int k) { return (v << k) | (v >> (64 - k)); }
  uint64_t next() {
    uint64_t r = rotl(s[0] + s[3], 23) + s[0], t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotl(s[3], 45);
    return r;
  }
  /** Exponential, mean 1. */
  double exponential() { return -std::log(((next() >> 11) + 1) * 0x1.0p-53); }
};

struct Event {
  double at;
  uint32_t kind, subject;
};
struct Later {
  bool operator()(const Event &a, const Event &b) const { return a.at > b.at; }
};

struct PriorityQueue {
  std::priority_queue<Event, std::vector<Event>, Later> queue;
  bool empty() const { return queue.empty(); }
  double nextAt() const { return queue.top().at; }
  void push(Event e) { queue.push(e); }
  Event pop() {
    Event e = queue.top();
    queue.pop();
    return e;
  }
};

struct QuadHeap {
  std::vector<Event> heap;
  bool empty() const { return heap.empty(); }
  double nextAt() const { return heap[0].at; }
  void push(Event e) {
    size_t i = heap.size();
    heap.push_back(e);
    while (i) {
      size_t parent = (i - 1) >> 2;
      if (!(e.at < heap[parent].at)) break;
      heap[i] = heap[parent];
      i = parent;
    }
    heap[i] = e;
  }
  Event pop() {
    Event first = heap[0], last = heap.back();
    heap.pop_back();
    if (heap.empty()) return first;
    size_t n = heap.size(), i = 0;
    for (;;) {
      size_t child = (i << 2) + 1;
      if (child >= n) break;
      size_t least = child, end = std::min(child + 4, n);
      for (size_t k = child + 1; k < end; k++)
        if (heap[k].at < heap[least].at) least = k;
      if (!(heap[least].at < last.at)) break;
      heap[i] = heap[least];
      i = least;
    }
    heap[i] = last;
    return first;
  }
};

// Days of a fixed length; the day that is being emptied is sorted, the latest first.
struct Calendar {
  static constexpr size_t days = 1 << 17;
  static constexpr double length = 1.0 / 16384;
  std::vector<std::vector<Event>> day{days};
  std::vector<Event> today;
  size_t current = 0;
  double todayEnds = length;
  void push(Event e) {
    if (e.at < todayEnds) today.insert(std::upper_bound(today.begin(), today.end(), e, Later{}), e);
    else day[static_cast<size_t>(e.at / length) & (days - 1)].push_back(e);
  }
  Event pop() {
    while (today.empty()) {
      current = (current + 1) & (days - 1);
      todayEnds = (std::floor(todayEnds / length + 0.5) + 1) * length;
      auto &events = day[current];
      size_t kept = 0;
      for (auto &e : events) {
        if (e.at < todayEnds) today.push_back(e);
        else events[kept++] = e;
      }
      events.resize(kept);
      std::sort(today.begin(), today.end(), Later{});
    }
    Event e = today.back();
    today.pop_back();
    return e;
  }
};

template <class T> struct Ring {
  std::vector<T> places = std::vector<T>(1024);
  size_t head = 0, size = 0;
  T &front() { return places[head]; }
  void push(T value) {
    if (size == places.size()) {
      std::vector<T> larger(2 * size);
      for (size_t i = 0; i < size; i++) larger[i] = places[(head + i) & (size - 1)];
      places.swap(larger);
      head = 0;
    }
    places[(head + size++) & (places.size() - 1)] = value;
  }
  T pop() {
    T value = places[head];
    head = (head + 1) & (places.size() - 1);
    size--;
    return value;
  }
};

struct Result {
  double operations, answer;
};

template <class Queue> Result mm1(uint64_t customers, Random &random) {
  enum { arrival, departure };
  Queue queue;
  Ring<double> waiting;
  bool busy = false;
  double waited = 0;
  uint64_t made = 0, served = 0;
  queue.push({random.exponential() / 0.8, arrival, 0});
  while (served < customers) {
    Event e = queue.pop();
    if (e.kind == arrival) {
      if (++made < customers) queue.push({e.at + random.exponential() / 0.8, arrival, 0});
      if (busy) waiting.push(e.at);
      else {
        busy = true;
        queue.push({e.at + random.exponential(), departure, 0});
      }
    } else {
      served++;
      if (waiting.size) {
        waited += e.at - waiting.pop();
        queue.push({e.at + random.exponential(), departure, 0});
      } else busy = false;
    }
  }
  return {2.0 * customers, waited / customers};
}

// Five stations of four servers; an event of kind 0 is an arrival, of kind s a departure from station s - 1.
template <class Queue> Result tandem(uint64_t customers, Random &random) {
  Queue queue;
  std::vector<double> arrivedAt;
  arrivedAt.reserve(customers);
  struct Station {
    Ring<uint32_t> waiting;
    int busy = 0;
  } stations[5];
  double stays = 0;
  uint64_t served = 0;
  auto enter = [&](uint32_t s, uint32_t customer, double at) {
    if (stations[s].busy < 4) {
      stations[s].busy++;
      queue.push({at + random.exponential(), s + 1, customer});
    } else stations[s].waiting.push(customer);
  };
  queue.push({random.exponential() / 3.2, 0, 0});
  while (served < customers) {
    Event e = queue.pop();
    if (e.kind == 0) {
      uint32_t customer = arrivedAt.size();
      arrivedAt.push_back(e.at);
      if (arrivedAt.size() < customers) queue.push({e.at + random.exponential() / 3.2, 0, 0});
      enter(0, customer, e.at);
    } else {
      Station &station = stations[e.kind - 1];
      if (station.waiting.size) queue.push({e.at + random.exponential(), e.kind, station.waiting.pop()});
      else station.busy--;
      if (e.kind < 5) enter(e.kind, e.subject, e.at);
      else {
        stays += e.at - arrivedAt[e.subject];
        served++;
      }
    }
  }
  return {6.0 * customers, stays / customers};
}

// Filled before the first run; each further run goes on where the last one ended.
template <class Queue> struct Hold {
  static constexpr uint32_t pending = 100000;
  std::unique_ptr<Queue> queue;
  double now = 0;
  void fill(Random &random) {
    queue = std::make_unique<Queue>();
    for (uint32_t i = 0; i < pending; i++) queue->push({random.exponential(), 0, i});
  }
  Result run(uint64_t events, Random &random) {
    double begin = now;
    for (uint64_t k = 0; k < events; k++) {
      Event e = queue->pop();
      now = e.at;
      queue->push({e.at + random.exponential(), 0, e.subject});
    }
    return {static_cast<double>(events), now - begin};
  }
};

static const double timer = -std::log(0.05);

// What is cancelled stays where it is: an event is out of date when its job has begun another try, or has ended.
enum { arrivalOfJob, endOfTry, endOfTimer };

Result timeoutsLazily(uint64_t jobs, Random &random) {
  PriorityQueue queue;
  // By job: the number of its try. Kind and number share a word.
  std::vector<uint32_t> tryOf(jobs, 0);
  uint64_t made = 0, done = 0, late = 0, tries = 0;
  auto begin = [&](uint32_t job, double at) {
    tries++;
    queue.push({at + random.exponential(), tryOf[job] << 2 | endOfTry, job});
    queue.push({at + timer, tryOf[job] << 2 | endOfTimer, job});
  };
  queue.push({random.exponential() * 1e-4, arrivalOfJob, 0});
  while (done < jobs) {
    Event e = queue.pop();
    if (e.kind == arrivalOfJob) {
      uint32_t job = made++;
      if (made < jobs) queue.push({e.at + random.exponential() * 1e-4, arrivalOfJob, 0});
      tryOf[job] = 1;
      begin(job, e.at);
    } else {
      if (e.kind >> 2 != tryOf[e.subject]) continue;
      tryOf[e.subject]++;
      if ((e.kind & 3) == endOfTry) done++;
      else {
        late++;
        begin(e.subject, e.at);
      }
    }
  }
  return {jobs + 2.0 * tries, static_cast<double>(late) / tries};
}

Result timeoutsInLine(uint64_t jobs, Random &random) {
  QuadHeap queue;
  std::vector<Event> timers;
  size_t first = 0;
  std::vector<uint32_t> tryOf(jobs, 0);
  uint64_t made = 0, done = 0, late = 0, tries = 0;
  auto begin = [&](uint32_t job, double at) {
    tries++;
    queue.push({at + random.exponential(), tryOf[job], job});
    timers.push_back({at + timer, tryOf[job], job});
  };
  queue.push({random.exponential() * 1e-4, 0, 0});
  while (done < jobs) {
    while (first < timers.size() && timers[first].kind != tryOf[timers[first].subject]) first++;
    if (first > 65536 && 2 * first > timers.size()) {
      timers.erase(timers.begin(), timers.begin() + first);
      first = 0;
    }
    if (first < timers.size() && (queue.empty() || timers[first].at < queue.nextAt())) {
      Event e = timers[first++];
      tryOf[e.subject]++;
      late++;
      begin(e.subject, e.at);
      continue;
    }
    Event e = queue.pop();
    if (e.kind == 0) {
      uint32_t job = made++;
      if (made < jobs) queue.push({e.at + random.exponential() * 1e-4, 0, 0});
      tryOf[job] = 1;
      begin(job, e.at);
    } else if (e.kind == tryOf[e.subject]) {
      tryOf[e.subject]++;
      done++;
    }
  }
  return {jobs + 2.0 * tries, static_cast<double>(late) / tries};
}

static double cpuSeconds() {
  timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

template <class Run> void serve(Run run) {
  unsigned long long n, seed;
  while (std::scanf("%llu %llu", &n, &seed) == 2) {
    Random random(seed);
    double begin = cpuSeconds();
    Result result = run(n, random);
    double seconds = cpuSeconds() - begin;
    std::printf("{\"operations\":%.0f,\"seconds\":%.9f,\"answer\":%.9f}\n", result.operations, seconds, result.answer);
    std::fflush(stdout);
  }
}

template <class Queue> void serveHold() {
  Hold<Queue> hold;
  Random filling(0);
  hold.fill(filling);
  serve([&](uint64_t n, Random &random) { return hold.run(n, random); });
}

int main(int count, char **arguments) {
  std::string variant = count == 3 ? arguments[1] : "", workload = count == 3 ? arguments[2] : "";
  bool best = variant == "best";
  if (!best && variant != "priority_queue") workload = "";
  if (workload == "mm1") serve(best ? mm1<QuadHeap> : mm1<PriorityQueue>);
  else if (workload == "tandem") serve(best ? tandem<QuadHeap> : tandem<PriorityQueue>);
  else if (workload == "hold" && best) serveHold<Calendar>();
  else if (workload == "hold") serveHold<PriorityQueue>();
  else if (workload == "timeouts") serve(best ? timeoutsInLine : timeoutsLazily);
  else {
    std::fprintf(stderr, "usage: reference <priority_queue|best> <mm1|tandem|hold|timeouts>\n");
    return 2;
  }
}
