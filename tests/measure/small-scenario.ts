/** A scenario of two sites as a file holds it: a message a second for ten minutes, a link that fails for two. */
export function smallScenario(changes: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    mailflow: 1,
    name: 'small',
    organization: {
      organization: 'contoso.com',
      sites: [{ name: 'A' }, { name: 'B' }],
      siteLinks: [{ name: 'AB', sites: ['A', 'B'], cost: 10 }],
      servers: [
        { name: 'A1', site: 'A' },
        { name: 'B1', site: 'B' },
      ],
      databases: [
        { name: 'DBA', copies: ['A1'] },
        { name: 'DBB', copies: ['B1'] },
      ],
      mailboxes: [
        { address: 'a@contoso.com', database: 'DBA' },
        { address: 'b@contoso.com', database: 'DBB' },
      ],
    },
    seed: '42',
    duration: '10 min',
    drain: 'until-empty',
    workloads: [
      {
        kind: 'arrivals',
        arrival: 'poisson',
        messagesPerSecond: 1,
        from: 'a@contoso.com',
        to: ['b@contoso.com', 'nobody@contoso.com'],
        size: { fixed: '50 KB' },
      },
    ],
    faults: [{ kind: 'site-link-outage', link: 'AB', at: '+3 min', for: '2 min' }],
    thresholds: [{ metric: 'recipients.lost', equals: 0 }],
    ...changes,
  });
}
