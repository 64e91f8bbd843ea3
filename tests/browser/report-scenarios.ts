/** Names that mean something to HTML, SVG, JSON in scripts, Markdown, XML, spreadsheets or terminals. */
export const hostile = {
  scenario: "=cmd() `x` @all www.evil.example [a](b) 'q' & co",
  script: '<script>alert(1)</script>',
  formula: '=cmd()',
  site: '"><img src=x onerror=alert(2)>',
  otherSite: "'</title></script><svg onload=alert(3)>",
  link: 'javascript:alert(4)</script>',
} as const;

const quoted = (text: string) => JSON.stringify(text);

/** Two servers with names that no administrator would choose, a link that fails, mail that is returned. */
export function hostileScenario(): string {
  const { scenario, script, formula, site, otherSite, link } = hostile;
  return `mailflow: 1
name: ${quoted(scenario)}
organization:
  organization: contoso.com
  sites: [{ name: ${quoted(site)} }, { name: ${quoted(otherSite)} }]
  siteLinks: [{ name: ${quoted(link)}, sites: [${quoted(site)}, ${quoted(otherSite)}], cost: 10 }]
  servers:
    - { name: ${quoted(script)}, site: ${quoted(site)} }
    - { name: ${quoted(formula)}, site: ${quoted(otherSite)} }
  databases:
    - { name: ${quoted(`DB ${script}`)}, copies: [${quoted(script)}] }
    - { name: ${quoted(`=DB()`)}, copies: [${quoted(formula)}] }
  mailboxes:
    - { address: a@contoso.com, database: ${quoted(`DB ${script}`)} }
    - { address: b@contoso.com, database: "=DB()" }
seed: "1"
duration: 20 min
drain: 5 min
workloads:
  - { kind: arrivals, arrival: poisson, messagesPerSecond: 1, from: a@contoso.com,
      to: [b@contoso.com, a@contoso.com, nobody@contoso.com], size: { fixed: 10 KB } }
faults:
  - { kind: site-link-outage, link: ${quoted(link)}, at: +5 min, for: 5 min }
thresholds:
  - { metric: recipients.lost, equals: 0 }
  - { metric: deliveryLatency.maxMs, below: 1 ms }
`;
}

/**
 * A hub site with a leaf for every further one, \`serversPerSite\` servers in each, a day of mail, a link and a server
 * that fail.
 */
export function hubAndSpoke(sites: number, serversPerSite: number, hours: number): string {
  const lines = (count: number, line: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => `    - ${line(index)}`).join('\n');
  const servers = sites * serversPerSite;
  const server = (index: number) => `MBX-${String(index + 1).padStart(2, '0')}`;
  return `mailflow: 1
name: hub-and-spoke-${servers}
organization:
  organization: contoso.com
  sites:
${lines(sites, (index) => `{ name: Site-${index}${index === 0 ? ', hub: true' : ''} }`)}
  siteLinks:
${lines(sites - 1, (index) => `{ name: Hub-${index + 1}, sites: [Site-0, Site-${index + 1}], cost: ${10 + index}, bandwidth: 20 Mbit/s, latency: 8 ms }`)}
  servers:
${lines(servers, (index) => `{ name: ${server(index)}, site: Site-${index % sites} }`)}
  databases:
${lines(servers, (index) => `{ name: DB${index + 1}, copies: [${server(index)}] }`)}
  mailboxes:
${lines(servers, (index) => `{ address: "user${index + 1}-{n}@contoso.com", count: 10, database: DB${index + 1} }`)}
seed: "7"
start: 2024-04-02T00:00Z
duration: ${hours} h
drain: 1 h
workloads:
  - { kind: mailbox-users, mailboxes: all, profile: 200, shape: office-day, recipients: typical, size: typical,
      externalShare: 0 }
  - { kind: arrivals, arrival: poisson, messagesPerSecond: 0.2, from: user1-1@contoso.com,
      to: [user2-1@contoso.com, user3-1@contoso.com, nobody@contoso.com], size: { fixed: 200 KB } }
faults:
  - { kind: site-link-outage, link: Hub-1, at: +${hours / 3} h, for: ${hours / 12} h }
  - { kind: server-outage, server: MBX-03, at: +${hours / 2} h, for: ${hours / 24} h }
thresholds:
  - { metric: recipients.lost, equals: 0 }
  - { metric: deliveryLatency.p50Ms, below: 5 s }
  - { metric: deliveryLatency.maxMs, below: 1 h }
`;
}
