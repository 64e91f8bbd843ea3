import { describe, expect, it } from 'vitest';
import { deterministicHardware, run } from './small-organization.js';

const second = 1_000;
const minute = 60 * second;

/** Many, for a mailbox is written to by one message at a time (MD-03). */
const recipients = Array.from({ length: 20 }, (_, n) => `b${n}`);

/** A1 sends to the database on B1 by itself, both being in one DAG: B1 does nothing but write to it. */
function writer(cores: number, cpuPerMessage: number) {
  return run(
    {
      links: { 'A-B': 10 },
      servers: { A1: 'A', B1: { site: 'B', cores } },
      dags: { DAG1: ['A1', 'B1'] },
      databases: { DBA: ['A1'], DBB: ['B1'] },
      mailboxes: { a: 'DBA', ...Object.fromEntries(recipients.map((each) => [each, 'DBB'])) },
    },
    { ...deterministicHardware, transport: { smtpMaxMessagesPerConnection: 1_000_000 } },
    null,
    { B1: { hardware: { cpuPerMessage } } },
  );
}

/** So many messages a second, evenly, until `untilMs`. */
function sendEvenly({ at, send }: ReturnType<typeof run>, perSecond: number, untilMs: number): void {
  for (let n = 0; (n * second) / perSecond < untilMs; n++)
    at((n * second) / perSecond, () => send('a', [recipients[n % recipients.length]!]));
}

describe('a processor that is offered more than it can do', () => {
  it('works all the time, and the queue grows by what is too much', () => {
    const organization = writer(1, 100);
    const { simulation, model, server, recorder } = organization;
    sendEvenly(organization, 12, 100 * second);
    simulation.runUntil(100 * second);
    // The first message: submission 20, connect 10, remote shadow copy 310, categorizer 75, connect 10. From 425 ms on
    // the core never rests, and finishes a message every 100 ms: the first at 525, the 995th at 99,925.
    expect(model.processorDoneMs(server('B1'))).toBe(100 * second - 425);
    expect(recorder.ended_).toHaveLength(995);
    // A message is in the queue 415 ms after its sending: of 12 a second those sent up to 99,585 ms, 1,196.
    const queued = Array.from({ length: model.queueCount }, (_, queue) => model.queueMessages(queue));
    expect(queued.reduce((sum, each) => sum + each)).toBe(1_196 - 995);
    model.audit();
  });

  it('with a core more it does all of it, three fifths of its time', () => {
    const organization = writer(2, 100);
    const { simulation, model, server, recorder } = organization;
    sendEvenly(organization, 12, 100 * second);
    simulation.runUntil(110 * second);
    expect(recorder.ended_).toHaveLength(1_200);
    expect(model.processorDoneMs(server('B1'))).toBe(1_200 * 100);
    simulation.runUntil(120 * second);
    expect(model.processorDoneMs(server('B1'))).toBe(1_200 * 100);
  });
});

describe('what a message costs', () => {
  it('A-processor-beside: of what goes to a database the receiver pays, for writing it', () => {
    const { simulation, model, server, send } = writer(1, 100);
    send('a', ['b0']);
    simulation.runUntil(minute);
    // Submission, acceptance and categorizer, 5 ms each.
    expect(model.processorDoneMs(server('A1'))).toBe(15);
    expect(model.processorDoneMs(server('B1'))).toBe(100);
  });

  it('A-shadow-work: a shadow copy is no work for the processor of the server that has it', () => {
    const { simulation, model, server, send, recorder } = writer(1, 5);
    send('a', ['a']);
    simulation.runUntil(minute);
    expect(recorder.ended_).toMatchObject([{ end: 'delivered', stageMs: { accept: 310 } }]);
    expect(recorder.acceptances).toEqual([{ atMs: 340, server: server('A1'), hasShadow: true }]);
    expect(model.processorDoneMs(server('B1'))).toBe(0);
  });

  const oneServer = {
    servers: { A1: 'A' },
    databases: { DB1: ['A1'] },
    mailboxes: { a: 'DB1', b: 'DB1' },
    connectors: [{ name: 'Internet', sourceServers: ['A1'] }],
  };

  it.each([
    // Submission, acceptance, categorizer, writing.
    ['from mailbox to mailbox', 'a', 'b', 4],
    // Front end instead of submission.
    ['from outside', 'x@out.example', 'b', 4],
    // Sending to the outside instead of writing.
    ['to the outside', 'a', 'x@out.example', 4],
    ['from outside to outside', 'x@out.example', 'y@out.example', 4],
  ])('%s: its stages at the server', (_, from, to, stages) => {
    const { simulation, model, send } = run(oneServer);
    send(from, [to]);
    simulation.runUntil(60 * second);
    expect(model.processorDoneMs(0)).toBe(5 * stages);
  });

  it('a relay costs the sender its sending, the receiver its acceptance', () => {
    const { simulation, model, send, server } = run({
      links: { 'A-B': 10 },
      servers: { A1: 'A', B1: 'B' },
      databases: { DBA: ['A1'], DBB: ['B1'] },
      mailboxes: { a: 'DBA', b: 'DBB', c: 'DBA' },
    });
    // To somebody on A1 as well, so that A1 takes it (RT-54): it is written there, too.
    send('a', ['c', 'b']);
    simulation.runUntil(60 * second);
    // Submission, acceptance, categorizer, writing, sending on.
    expect(model.processorDoneMs(server('A1'))).toBe(5 * 5);
    // Acceptance, categorizer, writing.
    expect(model.processorDoneMs(server('B1'))).toBe(5 * 3);
  });

  it('a stage lasts as long as the longer of its own time and its work', () => {
    const endMs = (cpuPerMessage: number) => {
      const { simulation, recorder, send } = run(oneServer, {
        hardware: { ...deterministicHardware['hardware'], cpuPerMessage },
      });
      send('a', ['b']);
      simulation.runUntil(60 * second);
      return recorder.ended_[0]!.atMs;
    };
    // Submission 20, connect 10, commit 100, categorizer 75, connect 10, writing 80.
    expect(endMs(0)).toBe(295);
    expect(endMs(20)).toBe(295);
    // Of these, submission, categorizer and writing are shorter than 90 now.
    expect(endMs(90)).toBe(90 + 10 + 100 + 90 + 10 + 90);
  });

  it('a silent server loses the work that it had not done', () => {
    const { simulation, model, send, server, at } = run(oneServer, {
      hardware: { ...deterministicHardware['hardware'], cpuPerMessage: 1_000 },
    });
    send('a', ['b']);
    at(300, () => model.beginServerOutage(server('A1')));
    at(10 * second, () => model.endServerOutage(server('A1')));
    simulation.runUntil(9 * second);
    expect(model.processorDoneMs(0)).toBe(300);
    simulation.runUntil(60 * second);
    // From the outbox anew, four stages of a second.
    expect(model.processorDoneMs(0)).toBe(300 + 4_000);
    model.audit();
  });
});
