"""The four workloads of bench/peers in SimPy 3 or 4, in the way of its own examples: a process a customer.

Usage: with_simpy.py <mm1|tandem|hold|timeouts>; for each line `<n> <seed>` on standard input it runs the workload once
and writes a line of JSON (README.md); with --version the version alone.
"""

import json
import math
import platform
import random
import sys
import time

import simpy


def mm1(customers, exponential):
    env = simpy.Environment()
    server = simpy.Resource(env, 1)
    waited = 0.0

    def customer():
        nonlocal waited
        arrived = env.now
        with server.request() as request:
            yield request
            waited += env.now - arrived
            yield env.timeout(exponential(1.0))

    def source():
        for _ in range(customers):
            yield env.timeout(exponential(0.8))
            env.process(customer())

    env.process(source())
    env.run()
    return 2 * customers, waited / customers


def tandem(customers, exponential):
    env = simpy.Environment()
    stations = [simpy.Resource(env, 4) for _ in range(5)]
    stays = 0.0

    def customer():
        nonlocal stays
        arrived = env.now
        for station in stations:
            with station.request() as request:
                yield request
                yield env.timeout(exponential(1.0))
        stays += env.now - arrived

    def source():
        for _ in range(customers):
            yield env.timeout(exponential(3.2))
            env.process(customer())

    env.process(source())
    env.run()
    return 6 * customers, stays / customers


class Hold:
    """Filled before the first run; each further run goes on where the last one ended."""

    pending = 100_000

    def __init__(self):
        self.env = simpy.Environment()
        self.left = 0
        self.enough = self.env.event()
        self.exponential = random.Random(0).expovariate
        for _ in range(self.pending):
            self.env.process(self.holder())
        # Each process begins by an event at 0, which is no part of the workload.
        self.env.run(until=1e-12)

    def holder(self):
        while True:
            yield self.env.timeout(self.exponential(1.0))
            self.left -= 1
            if self.left == 0:
                self.enough.succeed()

    def run(self, events, exponential):
        self.exponential = exponential
        self.enough = self.env.event()
        self.left = events
        began = self.env.now
        self.env.run(until=self.enough)
        return events, self.env.now - began


def timeouts(jobs, exponential):
    env = simpy.Environment()
    limit = -math.log(0.05)
    tries = late = 0

    def job():
        nonlocal tries, late
        while True:
            tries += 1
            attempt = env.timeout(exponential(1.0))
            # The loser stays in the event list: a timeout cannot be cancelled.
            if attempt in (yield attempt | env.timeout(limit)):
                return
            late += 1

    def source():
        for _ in range(jobs):
            yield env.timeout(exponential(1e4))
            env.process(job())

    env.process(source())
    env.run()
    return jobs + 2 * tries, late / tries


def main():
    if sys.argv[1:] == ["--version"]:
        print(f"{simpy.__version__} ({platform.python_implementation()} {platform.python_version()})")
        return
    name = sys.argv[1]
    workloads = {"mm1": mm1, "tandem": tandem, "timeouts": timeouts}
    run = Hold().run if name == "hold" else workloads[name]
    for line in sys.stdin:
        n, seed = map(int, line.split())
        exponential = random.Random(seed).expovariate
        began = time.process_time()
        operations, answer = run(n, exponential)
        seconds = time.process_time() - began
        print(json.dumps({"operations": operations, "seconds": seconds, "answer": answer}), flush=True)


main()
