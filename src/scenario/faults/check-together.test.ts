import { describe, expect, it } from 'vitest';
import { decodeScenario } from '../decode-scenario.js';
import { ScenarioError } from '../problem.js';

const organization = `{ organization: contoso.com, acceptedDomains: [{ name: relay.example, type: internal-relay }],
  sites: [{ name: A }], servers: [{ name: A1, site: A }, { name: A2, site: A }, { name: A3, site: A }, { name: A4, site: A }],
  dags: [{ name: D, members: [A1, A2, A3] }],
  databases: [{ name: DB1, copies: [A1, A2] }, { name: DB2, copies: [A2, A1] }],
  connectors: [{ name: Out, kind: send, addressSpaces: ["*"], sourceServers: [A1], smartHosts: [SMART.contoso.com] }] }`;

/** Problems, or if there is none warnings, about faults. */
function said(...faults: readonly string[]): string[] {
  const listed = faults.map((fault) => `  - { ${fault} }\n`).join('');
  const text = `mailflow: 1\norganization: ${organization}\nduration: 4 h\nfaults:\n${listed}`;
  const readFile = () => {
    throw new Error('a fault names no file');
  };
  const list = () => {
    try {
      return decodeScenario(text, 's.yaml', { readFile }).warnings;
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error;
      return error.problems;
    }
  };
  const noMail = 'there are no workloads: no mail will be sent';
  return list().flatMap(({ path, message }) => (message === noMail ? [] : `${path}: ${message}`));
}

describe('QU-12: drains into each other', () => {
  const drain = (server: string, to: string, at: string) =>
    `kind: drain, server: ${server}, to: [${to}], at: ${at}, for: 1 h`;
  const refused = ['faults.1.to: "A1" is drained to "A2" at the same time (QU-12)'];

  const nobody = (place: number, target: string, server: string) =>
    `faults.${place}.to: "${target}" is drained at the same time: nobody takes what "${server}" has`;

  it('QU-12: are refused where they overlap and each server is named by the other', () => {
    expect(said(drain('A1', 'A2', '+0 s'), drain('A2', 'A1', '+0 s'))).toEqual(refused);
    expect(said(drain('A1', 'A2', '+30 min'), drain('a2', 'A3, a1', '+0 s'))).toEqual(refused);
  });

  it('QU-12: rings of any length are refused while all of their drains last', () => {
    const ring = (at: string) => [
      drain('A1', 'A2', '+0 s'),
      drain('A2', 'A3', at),
      drain('A3', 'A1', '+30 min'),
    ];
    const said_ = ['faults.2.to: "A1" is drained to "A2", on to "A3" at the same time (QU-12)'];
    expect(said(...ring('+0 s'))).toEqual(said_);
    expect(said(...ring('+59 min'))).toEqual(said_);
    expect(said(...ring('+1 h'))).toEqual([nobody(1, 'A3', 'A2'), nobody(2, 'A1', 'A3')]);
    // Two rings that share a part.
    expect(said(drain('A1', 'A3, A2', '+0 s'), drain('A3', 'A2', '+0 s'), drain('A2', 'A1', '+0 s'))).toEqual(
      [
        'faults.2.to: "A1" is drained to "A2" at the same time (QU-12)',
        'faults.2.to: "A1" is drained to "A3", on to "A2" at the same time (QU-12)',
      ],
    );
  });

  it('QU-12: are taken one after another, or apart', () => {
    expect(said(drain('A1', 'A2', '+0 s'), drain('A2', 'A1', '+1 h'))).toEqual([]);
    expect(said(drain('A1', 'A2', '+0 s'), drain('A1', 'A3', '+0 s'))).toEqual([]);
  });

  it('QU-12: are warned of where at some time all who are named are drained themselves', () => {
    expect(said(drain('A1', 'A2', '+0 s'), drain('a2', 'A3', '+59 min'))).toEqual([nobody(0, 'A2', 'A1')]);
    expect(said(drain('A1', 'A2', '+30 min'), drain('A2', 'A3', '+0 s'))).toEqual([nobody(0, 'A2', 'A1')]);
    expect(said(drain('A1', 'A2', '+0 s'), drain('A2', 'A3', '+1 h'))).toEqual([]);
    expect(said(drain('A1', 'A2, A3', '+0 s'), drain('A2', 'A4', '+0 s'))).toEqual([]);
    const both = [drain('A1', 'A2, A3', '+0 s'), drain('A2', 'A4', '+0 s')];
    expect(said(...both, drain('A3', 'A4', '+30 min'))).toEqual([
      'faults.0.to: all of them are drained at the same time: nobody takes what "A1" has',
    ]);
    expect(said(...both, drain('A3', 'A4', '+1 h'))).toEqual([]);
  });
});

describe('a warning of a move to where the database is', () => {
  const move = (database: string, to: string, at: string) =>
    `kind: database-move, database: ${database}, to: ${to}, at: ${at}`;
  const already = (place: number, database: string) =>
    `faults.${place}.to: "${database}" is active there already: the move will only dismount it for a while`;

  it('comes where the first copy is meant and nothing has moved it', () => {
    expect(said(move('DB1', 'A1', '+1 h'), move('db2', 'a2', '+0 s'))).toEqual([
      already(0, 'DB1'),
      already(1, 'DB2'),
    ]);
    expect(said(move('DB1', 'A2', '+1 h'))).toEqual([]);
    // It moves away later only, or another one does.
    expect(said(move('DB1', 'A1', '+1 h'), move('DB1', 'A2', '+2 h'))).toEqual([already(0, 'DB1')]);
    expect(said(move('DB2', 'A1', '+0 s'), move('DB1', 'A1', '+1 h'))).toEqual([already(1, 'DB1')]);
  });

  it('does not come where it may be elsewhere by then: after a move, or a failure that lets it fail over', () => {
    expect(said(move('DB1', 'A2', '+0 s'), move('DB1', 'A1', '+1 h'))).toEqual([]);
    expect(said('kind: server-outage, server: A1, at: +0 s, for: 1 min', move('DB1', 'A1', '+1 h'))).toEqual(
      [],
    );
    expect(said('kind: dns-outage, at: +0 s, for: 1 min', move('DB1', 'A1', '+1 h'))).toEqual([
      already(1, 'DB1'),
    ]);
  });
});

describe('RR-08: a warning of a fault of a domain that no mail leaves for', () => {
  it.each(['remote-domain-outage', 'remote-domain-slowdown, factor: 2'])('RR-08: %s', (kind) => {
    const of = (domain: string) => said(`kind: ${kind}, at: +0 s, domain: ${domain}`);
    expect(of('CONTOSO.com')).toEqual([
      'faults.0.domain: is an authoritative domain of the organization: its mail does not go outside, nothing will come of it (RR-08)',
    ]);
    // Others, one that is relayed, and a smart host.
    for (const domain of ['partner.example', 'relay.example', 'smart.contoso.com']) {
      expect(of(domain)).toEqual([]);
    }
  });
});
