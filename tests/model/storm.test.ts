import { describe, expect, it } from 'vitest';
import { startWorkload } from '../../src/scenario/index.js';
import type { StormWorkload } from '../../src/scenario/workloads/storm.js';
import { randomStreams } from '../../src/sim/kernel/index.js';
import { domain, run } from './small-organization.js';

const minute = 60_000;
/** 20 mailboxes in a group of two groups, one of which another server expands. */
const members = Array.from({ length: 20 }, (_, n) => `u${n}`);
const address = (name: string) => `${name}@${domain}`;

function storm(change: Partial<StormWorkload> = {}) {
  const organization = run({
    servers: { A1: 'A', B1: 'B' },
    links: { 'A-B': 10 },
    databases: { DBA: ['A1'], DBB: ['B1'] },
    mailboxes: Object.fromEntries(members.map((name, n) => [name, n % 2 === 0 ? 'DBA' : 'DBB'])),
    groups: [
      { address: address('all'), members: [address('even'), address('odd')] },
      { address: address('even'), members: members.filter((_, n) => n % 2 === 0).map(address) },
      {
        address: address('odd'),
        members: members.filter((_, n) => n % 2 === 1).map(address),
        expansionServer: 'B1',
      },
    ],
  });
  startWorkload(
    {
      kind: 'storm',
      name: 'storm',
      startMs: 0,
      endMs: 60 * minute,
      atMs: minute,
      sender: address('u0'),
      to: address('all'),
      size: { kind: 'fixed', bytes: 10_000 },
      replyAll: { share: 0.25, withinMs: 10 * minute },
      ...change,
    },
    { model: organization.model, startUtcMs: 0, streams: randomStreams('1', 1) },
  );
  organization.simulation.runUntil(120 * minute);
  organization.model.audit();
  return organization;
}

describe('WL-11, WHATIF-09: a message to a group, and replies to all', () => {
  it('n members of whom a share r replies get n + n r n copies, without anybody who is left out or asked twice', () => {
    const { recorder, model } = storm();
    // A quarter of the 19 others: 5 replies.
    const mail = recorder.submitted_.filter(({ kind }) => kind === 'mail');
    expect(mail).toHaveLength(1 + 5);
    const perMailbox = new Map<string, number>();
    for (const { end, recipient } of recorder.ended_) {
      expect(end).toBe('delivered');
      const name = model.recipientAddress(recipient);
      perMailbox.set(name, (perMailbox.get(name) ?? 0) + 1);
    }
    expect([...perMailbox.keys()].sort()).toEqual(members.map(address).sort());
    expect(new Set(perMailbox.values())).toEqual(new Set([6]));
  });

  it('A-reply-times: replies follow within the time given, and none comes from the sender', () => {
    const { recorder } = storm({ replyAll: { share: 1, withinMs: 2 * minute } });
    const [first, ...replies] = recorder.submitted_;
    expect(first!.atMs).toBe(minute);
    expect(replies).toHaveLength(19);
    for (const { atMs } of replies) {
      expect(atMs).toBeGreaterThanOrEqual(minute);
      expect(atMs).toBeLessThan(3 * minute);
    }
  });

  it('a sender who is no member gets the replies, too', () => {
    const { recorder, model } = storm({ sender: 'boss@outside.example' });
    // 20 others of whom 5 reply; without a connector nothing goes out, so the answers to the boss are unreachable.
    const pending: string[] = [];
    model.forEachPending((_, recipient) => pending.push(model.recipientAddress(recipient)));
    expect(pending).toEqual(Array(5).fill('boss@outside.example'));
    expect(recorder.submitted_[1]).toMatchObject({ recipients: 2 });
  });

  it('without replyAll it is one message', () => {
    expect(storm({ replyAll: null }).recorder.submitted_).toHaveLength(1);
  });
});
