import { describe, expect, it, test } from 'vitest';
import {
  levels,
  minute,
  oneSite,
  outside,
  pressed,
  relaying,
  second,
  slow,
  twoSites,
} from './pressed-organization.js';

/** M1 is at Medium from three messages on, and takes half an hour for each. */
const threeAreMedium = { submissionQueueMedium: 3, submissionQueueNormal: 1 };

/** Sends three at once, and then one from outside at each of `seconds`. */
function underPressure(
  seconds: readonly number[],
  transport: Parameters<typeof slow>[0] = threeAreMedium,
  small = oneSite,
) {
  const running = pressed(small, { M1: slow(transport) });
  for (let sent = 0; sent < 3; sent++) running.send(outside, ['u']);
  for (const at of seconds) running.at(at * second, () => running.send(outside, ['u']));
  return running;
}

describe('BP-03: the tarpit', () => {
  it('BP-03: MAIL FROM waits 10 s, 5 s more with each poll, 55 s at most', () => {
    const seconds = Array.from({ length: 14 }, (_, poll) => 1 + 2 * poll);
    const running = underPressure(seconds);
    running.simulation.runUntil(30 * second);
    // The first comes before the first poll.
    expect(running.recorder.tarpits.map(({ waitMs }) => waitMs / second)).toEqual([
      10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 55, 55, 55,
    ]);
    expect(levels(running, 'M1')).toEqual(['2 submission-queue medium']);
    expect(running.recorder.refusals).toEqual([]);
    running.model.audit();
  });

  it('CAP-43: behavior 2016: 1 s, 1 s more with each poll', () => {
    const running = underPressure([3, 5, 7], threeAreMedium, { ...oneSite, behavior: '2016' });
    running.simulation.runUntil(10 * second);
    expect(running.recorder.tarpits.map(({ waitMs }) => waitMs / second)).toEqual([1, 2, 3]);
  });

  it('BP-03: a message waits by the clock, and its time in the tarpit is in the stage connection', () => {
    const running = underPressure([3]);
    const { simulation, recorder } = running;
    simulation.runUntil(62 * minute);
    const { atMs, submittedMs, stageMs } = recorder.ended_.find(({ message }) => message === 4)!;
    expect(stageMs).toMatchObject({ connection: 10 * second, categorizer: 30 * minute, submission: 0 });
    expect(atMs - submittedMs).toBe(10 * second + 30 * minute);
  });

  it('A-tarpit: back at Normal the wait gets shorter by 5 s a poll, until there is none', () => {
    // Half a minute for each message instead of half an hour.
    const running = pressed(oneSite, {
      M1: { ...slow(threeAreMedium), hardware: { ...slow({})['hardware'], categorizerTime: 13 * second } },
    });
    for (let sent = 0; sent < 3; sent++) running.send(outside, ['u']);
    for (let at = 11; at < 29; at += 2) running.at(at * second, () => running.send('u', ['w']));
    running.simulation.runUntil(30 * second);
    expect(levels(running, 'M1')).toEqual(['2 submission-queue medium', '14 submission-queue normal']);
    // 10 s from 2 s on, 30 s at 10 s, 35 at 12; then 30, 25, 20, 15, 10 and nothing.
    const waits = running.recorder.tarpits.map(({ atMs, waitMs }) => [atMs / second, waitMs / second]);
    expect(waits).toEqual([
      [11, 30],
      [13, 35],
      [15, 30],
      [17, 25],
      [19, 20],
      [21, 15],
      [23, 10],
    ]);
  });

  it('A-tarpit: without a step it is over with the first poll at Normal', () => {
    const running = pressed(oneSite, { M1: slow({ ...threeAreMedium, smtpStepThrottlingDelayInterval: 0 }) });
    const { simulation, model, server } = running;
    const { backPressure } = model;
    backPressure.submissionQueue(server('M1'), 3);
    simulation.runUntil(5 * second);
    expect(backPressure.tarpitMs(server('M1'))).toBe(10 * second);
    backPressure.submissionQueue(server('M1'), 0);
    simulation.runUntil(7 * second);
    expect(levels(running, 'M1')).toEqual(['2 submission-queue medium', '6 submission-queue normal']);
    expect(backPressure.tarpitMs(server('M1'))).toBe(0);
  });

  it('BP-03: whoever sends waits: front ends, other servers, Mailbox Transport Submission', () => {
    const running = pressed(twoSites, { M1: slow(threeAreMedium) }, relaying);
    const { at, send, recorder, simulation } = running;
    for (let sent = 0; sent < 3; sent++) send(outside, ['u']);
    at(3 * second, () => send(outside, ['u']));
    at(3 * second, () => send('u', ['u']));
    at(3 * second, () => send('v', ['u']));
    simulation.runUntil(4 * second);
    expect(recorder.tarpits.map(({ waitMs }) => waitMs)).toEqual([10_000, 10_000, 10_000]);
    simulation.runUntil(20 * second);
    // All have been taken; what M2 has relayed is M1's.
    expect(recorder.hops).toEqual([
      { atMs: 13 * second, from: running.server('M2'), to: running.server('M1') },
    ]);
    expect(recorder.refusals).toEqual([]);
  });

  it('BP-03: the settings say otherwise', () => {
    const running = underPressure([1, 3, 5, 7], {
      ...threeAreMedium,
      smtpBaseThrottlingDelayInterval: 500,
      smtpStartThrottlingDelayInterval: 2 * second,
      smtpStepThrottlingDelayInterval: 3 * second,
      smtpMaxThrottlingDelayInterval: 6 * second,
    });
    running.simulation.runUntil(20 * second);
    expect(running.recorder.tarpits.map(({ waitMs }) => waitMs)).toEqual([
      ...[500, 500, 500],
      ...[500, 2_000, 5_000, 6_000],
    ]);
  });

  it('BP: polls every resourceMonitoringInterval; none where nobody watches', () => {
    const often = underPressure([1.2, 1.7], { ...threeAreMedium, resourceMonitoringInterval: 500 });
    often.simulation.runUntil(3 * second);
    expect(levels(often, 'M1')).toEqual(['0.5 submission-queue medium']);
    expect(often.recorder.tarpits.map(({ waitMs }) => waitMs / second)).toEqual([15, 20]);
    const never = underPressure([3, 5], { ...threeAreMedium, enableResourceMonitoring: false });
    never.simulation.runUntil(3 * second);
    expect(never.recorder.tarpits).toEqual([]);
    expect(levels(never, 'M1')).toEqual([]);
  });

  test.each(['C', 'M1'])(
    'BP-03: %s stops while messages wait: they are the sender’s, and lost to nobody',
    (name) => {
      const running = underPressure([3]);
      const { simulation, model, at, recorder } = running;
      at(5 * second, () =>
        model.beginServiceOutage(running.server(name), name === 'C' ? 'front-end' : 'transport'),
      );
      at(6 * second, () =>
        model.endServiceOutage(running.server(name), name === 'C' ? 'front-end' : 'transport'),
      );
      simulation.runUntil(14 * minute);
      expect(model.audit().alive).toBe(4);
      simulation.runUntil(61 * minute);
      const { stageMs } = recorder.ended_.find(({ message }) => message === 4)!;
      // The front end knows at once, that Transport has stopped it finds when the answer is due.
      expect(stageMs['connection']).toBe(name === 'C' ? 2 * second : 10 * second);
      expect(recorder.ended_.map(({ end }) => end)).toEqual(Array(4).fill('delivered'));
    },
  );
});
