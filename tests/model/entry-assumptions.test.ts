import { describe, expect, it } from 'vitest';
import { deterministicHardware, run, type SmallOrganization } from './small-organization.js';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const kb = 1_024;

/** Two sites with a mailbox each; the link between them takes 100 KB. */
const twoSites: SmallOrganization = {
  links: { 'A-B': { cost: 10, maxMessageSizeBytes: 100 * kb } },
  servers: { A1: 'A', B1: 'B' },
  databases: { DBA: ['A1'], DBB: ['B1'] },
  mailboxes: { a: 'DBA', b: 'DBB' },
};

const ends = ({ recorder }: ReturnType<typeof run>) =>
  recorder.ended_.filter(({ kind }) => kind === 'mail').map(({ end, code }) => [end, code]);

describe('what the tiers before Transport look at', () => {
  it('A-link-limits: Submission brings a message over a link that is too small for it; Transport returns it', () => {
    const sent = (submissionReach: 'any-site' | 'own-site') => {
      const organization = run(twoSites, { ...deterministicHardware, mailboxTransport: { submissionReach } });
      organization.send('a', ['b'], 200 * kb);
      organization.simulation.runUntil(hour);
      return ends(organization);
    };
    expect(sent('any-site')).toEqual([['delivered', null]]);
    expect(sent('own-site')).toEqual([['returned', '5.3.4']]);
  });

  it('A-inbound-mail-submission: where a site takes no inbound mail, that of its mailboxes stays in the outbox', () => {
    const organization = run(
      { ...twoSites, sites: [{ name: 'A', inboundMail: false }, 'B'] },
      { ...deterministicHardware, mailboxTransport: { submissionReach: 'own-site' } },
    );
    organization.send('a', ['b']);
    organization.simulation.runUntil(day);
    expect(ends(organization)).toEqual([]);
    expect(organization.recorder.categorized_).toBe(0);
    expect(organization.model.audit().alive).toBe(1);
  });

  it('A-receive-connectors: mail from outside to a domain outside is let in and sent on, to however many', () => {
    const organization = run({
      ...twoSites,
      connectors: [{ name: 'Out', sourceServers: ['A1'] }],
    });
    const to = Array.from({ length: 300 }, (_, n) => `x${n}@other.example`);
    organization.send('u@partner.example', to);
    organization.simulation.runUntil(hour);
    expect(ends(organization)).toEqual(to.map(() => ['delivered', null]));
  });

  it('A-age-from-submission, MI-04, MI-05: what has waited in the outbox is as much older in its first queue', () => {
    const organization = run(twoSites);
    const { simulation, model, recorder, at, send, server } = organization;
    model.beginServiceOutage(server('A1'), 'mailbox-submission');
    model.beginServiceOutage(server('B1'), 'transport');
    at(0, () => send('a', ['b']));
    at(3 * hour, () => model.endServiceOutage(server('A1'), 'mailbox-submission'));
    simulation.runUntil(3 * day);
    expect(recorder.delayNotices.map(({ atMs }) => atMs)).toEqual([4 * hour]);
    const [mail] = recorder.ended_.filter(({ kind }) => kind === 'mail');
    expect(mail).toMatchObject({ end: 'expired', code: '4.4.7' });
    expect(mail!.atMs).toBeGreaterThanOrEqual(2 * day);
    expect(mail!.atMs).toBeLessThan(2 * day + minute);
  });

  it('A-submission-retry, MI-05: what no link carries within the time-out is tried until one does, however old it is', () => {
    const submitted = (slowForMs: number) => {
      // A1's Transport is down: Submission has to bring it to B1, 2,048 s on the way.
      const organization = run(twoSites);
      const { simulation, model, at, send, server, link } = organization;
      const slow = { bandwidthBitsPerSecond: 400 };
      model.beginServiceOutage(server('A1'), 'transport');
      model.network.beginSlowdown(link('A-B'), slow);
      at(0, () => send('a', ['b'], 100 * kb));
      at(slowForMs, () => model.network.endSlowdown(link('A-B'), slow));
      simulation.runUntil(5 * day);
      model.audit();
      return organization.recorder.ended_.find(({ kind }) => kind === 'mail')!;
    };
    const soon = submitted(day);
    expect(soon).toMatchObject({ end: 'delivered' });
    // An attempt is 10 min, the next one a minute later.
    expect(soon.atMs).toBeLessThan(day + 12 * minute);
    const late = submitted(3 * day);
    expect(late).toMatchObject({ end: 'expired', code: '4.4.7' });
    expect(late.atMs).toBeGreaterThan(3 * day);
    expect(late.atMs).toBeLessThan(3 * day + 12 * minute);
  });
});
