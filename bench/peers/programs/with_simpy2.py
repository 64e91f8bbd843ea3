"""The four workloads of bench/peers in SimPy 2, in the way of its own examples: a process a customer.

Usage: with_simpy2.py <mm1|tandem|hold|timeouts>; for each line `<n> <seed>` on standard input it runs the workload once
and writes a line of JSON (README.md); with --version the version alone.
"""

import json
import math
import platform
import random
import sys
import time

import SimPy
from SimPy.Simulation import Process, Resource, Simulation, hold, release, request


def start(process, generator):
    process.sim.activate(process, generator)


def mm1(customers, exponential):
    sim = Simulation()
    server = Resource(1, sim=sim)
    waited = 0.0

    class Customer(Process):
        def visit(self):
            nonlocal waited
            arrived = sim.now()
            yield request, self, server
            waited += sim.now() - arrived
            yield hold, self, exponential(1.0)
            yield release, self, server

    class Source(Process):
        def generate(self):
            for _ in range(customers):
                yield hold, self, exponential(0.8)
                customer = Customer(sim=sim)
                start(customer, customer.visit())

    source = Source(sim=sim)
    start(source, source.generate())
    sim.simulate(until=math.inf)
    return 2 * customers, waited / customers


def tandem(customers, exponential):
    sim = Simulation()
    stations = [Resource(4, sim=sim) for _ in range(5)]
    stays = 0.0

    class Customer(Process):
        def visit(self):
            nonlocal stays
            arrived = sim.now()
            for station in stations:
                yield request, self, station
                yield hold, self, exponential(1.0)
                yield release, self, station
            stays += sim.now() - arrived

    class Source(Process):
        def generate(self):
            for _ in range(customers):
                yield hold, self, exponential(3.2)
                customer = Customer(sim=sim)
                start(customer, customer.visit())

    source = Source(sim=sim)
    start(source, source.generate())
    sim.simulate(until=math.inf)
    return 6 * customers, stays / customers


class Hold:
    """Filled before the first run; each further run goes on where the last one ended."""

    pending = 100_000

    def __init__(self):
        self.sim = sim = Simulation()
        self.exponential = random.Random(0).expovariate

        class Holder(Process):
            def circle(holder):
                while True:
                    yield hold, holder, self.exponential(1.0)

        for _ in range(self.pending):
            holder = Holder(sim=sim)
            start(holder, holder.circle())
        # Each process begins by an event at 0, which is no part of the workload.
        for _ in range(self.pending):
            sim.step()

    def run(self, events, exponential):
        self.exponential = exponential
        began = self.sim.now()
        # A simulation that was stopped does not go on; one that is stepped through does.
        for _ in range(events):
            self.sim.step()
        return events, self.sim.now() - began


def timeouts(jobs, exponential):
    sim = Simulation()
    limit = -math.log(0.05)
    tries = late = 0

    class Attempt(Process):
        def work(self, job):
            yield hold, self, exponential(1.0)
            job.done = True
            self.interrupt(job)

    class Job(Process):
        def wait(self):
            nonlocal tries, late
            self.done = False
            while True:
                tries += 1
                attempt = Attempt(sim=sim)
                start(attempt, attempt.work(self))
                yield hold, self, limit
                if self.done:
                    return
                self.cancel(attempt)
                late += 1

    class Source(Process):
        def generate(self):
            for _ in range(jobs):
                yield hold, self, exponential(1e4)
                job = Job(sim=sim)
                start(job, job.wait())

    source = Source(sim=sim)
    start(source, source.generate())
    sim.simulate(until=math.inf)
    return jobs + 2 * tries, late / tries


def main():
    if sys.argv[1:] == ["--version"]:
        print(f"{SimPy.__version__} ({platform.python_implementation()} {platform.python_version()})")
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
