import { describe, expect, test } from 'vitest';
import {
  describeOrganization,
  type OrganizationShorthand,
} from '../../../tests/conformance/organization-builder.js';
import { examineReadiness } from './examine-readiness.js';

const berlin: OrganizationShorthand = {
  links: ['Berlin-Frankfurt'],
  servers: ['B1@Berlin', 'B2@Berlin', 'F1@Frankfurt', 'H7@Berlin 2007', 'H10@Berlin 2010'],
};

function findings(shorthand: OrganizationShorthand, removeServer: string) {
  return examineReadiness(describeOrganization({ ...berlin, ...shorthand }), { removeServer, language: 'en' })
    .filter(({ setupRule }) => setupRule === 'ServerIsSourceForSendConnector')
    .map(({ rule, blocking, id, parameters }) => ({
      rule,
      blocking,
      id,
      connector: parameters['connector'],
    }));
}

const internet = { name: 'Internet', spaces: ['*'], sourceServers: ['B1'] };

describe('removing a server that is a source of connectors', () => {
  test.each(['H7', 'H10'])(
    'SR-01: Hub Transport is not removed from %s, a source of a Send connector',
    (hub) => {
      const id = 'source-of-send-connector';
      expect(findings({ connectors: [{ ...internet, sourceServers: [hub] }] }, hub)).toEqual([
        { rule: 'SR-01', blocking: true, id, connector: 'Internet' },
      ]);
      expect(findings({ connectors: [internet] }, hub)).toEqual([]);
    },
  );

  test('SR-02: every Send connector is to be moved or deleted, each is named, in name order', () => {
    const connectors = ['West', 'east', 'Internet'].map((name) => ({ ...internet, name }));
    const organization = describeOrganization({ ...berlin, connectors });
    const found = examineReadiness(organization, { removeServer: 'B1', language: 'en' }).filter(
      ({ blocking }) => blocking,
    );
    expect(found.map(({ parameters }) => parameters['connector'])).toEqual(['east', 'Internet', 'West']);
    for (const { text, parameters } of found) {
      expect(text).toContain(`"${String(parameters['connector'])}"`);
      expect(text).toContain(
        'Move the Send connector to another source server, or delete the connector, then run Setup again.',
      );
    }
  });

  test('SR-03: a Mailbox server of 2013 stays even if the connector has other sources or is disabled', () => {
    const found = findings(
      {
        connectors: [
          { ...internet, sourceServers: ['F1', 'b1'] },
          { ...internet, name: 'Partner', enabled: false },
          { ...internet, name: 'Elsewhere', sourceServers: ['F1'] },
        ],
      },
      'B1',
    );
    const common = { rule: 'SR-03', blocking: true, id: 'source-of-send-connector' };
    expect(found).toEqual([
      { ...common, connector: 'Internet' },
      { ...common, connector: 'Partner' },
    ]);
  });

  test('SR-03: other sources are named as the servers are spelled, in name order', () => {
    const organization = describeOrganization({
      ...berlin,
      connectors: [{ ...internet, sourceServers: ['f1', 'B1', 'b2'] }],
    });
    const [finding] = examineReadiness(organization, { removeServer: 'B1', language: 'en' });
    expect(finding).toMatchObject({
      parameters: { otherSources: ['B2', 'F1'] },
      commands: ["Set-SendConnector -Identity 'Internet' -SourceTransportServers 'B2','F1'"],
    });
  });

  test('SR-03: the connector that servers use among themselves does not count', () => {
    expect(findings({}, 'B1')).toEqual([]);
  });

  test('SR-03, ES-02: the connectors that an Edge subscription makes keep each of its Edges, no server of the site', () => {
    const edges = ['E1@Berlin', 'E2@Berlin 2010', 'E3@Frankfurt'];
    const common = { rule: 'SR-03', blocking: true, id: 'source-of-edge-sync-connector' };
    const ofBerlin = [
      { ...common, connector: 'EdgeSync - Berlin to Internet' },
      { ...common, connector: 'EdgeSync - Inbound to Berlin' },
    ];
    expect(findings({ edges }, 'E1')).toEqual(ofBerlin);
    expect(findings({ edges }, 'E2')).toEqual(ofBerlin);
    expect(findings({ edges }, 'B1')).toEqual([]);
    const organization = describeOrganization({ ...berlin, edges });
    const [outbound, inbound] = examineReadiness(organization, { removeServer: 'e1', language: 'en' });
    expect(outbound!.parameters).toMatchObject({
      addressSpaces: ['SMTP:*;100'],
      site: 'Berlin',
      otherSources: ['E2'],
    });
    expect(inbound!.parameters).toMatchObject({
      addressSpaces: ['SMTP:--;1'],
      site: 'Berlin',
      otherSources: ['E2'],
    });
  });

  test('SR-03: an Edge is a source of explicit Send connectors as others are', () => {
    const connectors = [{ ...internet, sourceServers: ['E1'] }];
    expect(findings({ edges: ['E1@Berlin'], connectors }, 'E1')).toContainEqual({
      rule: 'SR-03',
      blocking: true,
      id: 'source-of-send-connector',
      connector: 'Internet',
    });
  });

  test('SR-02: Delivery Agent and Foreign connectors are no Send connectors: a warning that they lose a source', () => {
    const connectors = [
      { ...internet, name: 'Fax', kind: 'foreign' as const, spaces: ['FAX:*'] },
      { ...internet, name: 'Mobile', kind: 'delivery-agent' as const, spaces: ['MOBILE:*'] },
    ];
    expect(findings({ connectors }, 'B1')).toEqual([
      { rule: 'SR-03', blocking: false, id: 'source-of-foreign-connector', connector: 'Fax' },
      { rule: 'SR-03', blocking: false, id: 'source-of-delivery-agent-connector', connector: 'Mobile' },
    ]);
  });

  test('SR-01: an organization as it stands is not asked who its sources are', () => {
    const organization = describeOrganization({ ...berlin, connectors: [internet] });
    expect(examineReadiness(organization, { language: 'en' })).toEqual([]);
  });
});
