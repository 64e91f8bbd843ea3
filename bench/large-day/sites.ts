/** What stands in a site, and how it hangs on the others. */
export interface SitePlan {
  readonly name: string;
  /** Begins the names of its servers and databases. */
  readonly code: string;
  readonly tier: 'data-centre' | 'regional' | 'branch';
  /** Servers without Edges. */
  readonly servers: number;
  /** Sites that it has a link to, the nearest first. */
  readonly links: readonly string[];
  /** Mail through it stops here: it stands before sites that nothing else reaches. */
  readonly hub?: true;
  /** Its servers are of the version before. */
  readonly version?: '2010';
}

/**
 * Forty sites of a company with 100,000 mailboxes: four data centres joined each to each, ten regional sites with two
 * ways to them, 26 branches, of which every third has a second way. 194 servers; six Edges come on top.
 */
export const sitePlans: readonly SitePlan[] = [
  { name: 'Frankfurt', code: 'FRA', tier: 'data-centre', servers: 16, links: [] },
  { name: 'London', code: 'LON', tier: 'data-centre', servers: 16, links: ['Frankfurt'] },
  { name: 'Paris', code: 'PAR', tier: 'data-centre', servers: 16, links: ['London', 'Frankfurt'] },
  { name: 'Milan', code: 'MIL', tier: 'data-centre', servers: 16, links: ['Frankfurt', 'Paris', 'London'] },

  { name: 'Berlin', code: 'BER', tier: 'regional', servers: 6, links: ['Frankfurt', 'Hamburg'] },
  { name: 'Hamburg', code: 'HAM', tier: 'regional', servers: 6, links: ['Frankfurt', 'London'] },
  { name: 'Munich', code: 'MUC', tier: 'regional', servers: 6, links: ['Frankfurt', 'Milan'] },
  { name: 'Vienna', code: 'VIE', tier: 'regional', servers: 6, links: ['Munich', 'Milan'] },
  { name: 'Zurich', code: 'ZRH', tier: 'regional', servers: 6, links: ['Milan', 'Frankfurt'] },
  { name: 'Amsterdam', code: 'AMS', tier: 'regional', servers: 6, links: ['London', 'Frankfurt'] },
  { name: 'Madrid', code: 'MAD', tier: 'regional', servers: 6, links: ['Paris', 'Milan'] },
  { name: 'Warsaw', code: 'WAW', tier: 'regional', servers: 6, links: ['Berlin', 'Vienna'] },
  { name: 'New York', code: 'NYC', tier: 'regional', servers: 6, links: ['London', 'Paris'], hub: true },
  { name: 'Singapore', code: 'SIN', tier: 'regional', servers: 6, links: ['London', 'Frankfurt'], hub: true },

  { name: 'Cologne', code: 'CGN', tier: 'branch', servers: 3, links: ['Frankfurt', 'Amsterdam'] },
  { name: 'Stuttgart', code: 'STR', tier: 'branch', servers: 3, links: ['Frankfurt', 'Munich'] },
  { name: 'Leipzig', code: 'LEJ', tier: 'branch', servers: 3, links: ['Berlin'] },
  { name: 'Dresden', code: 'DRS', tier: 'branch', servers: 2, links: ['Berlin'] },
  { name: 'Bremen', code: 'BRE', tier: 'branch', servers: 2, links: ['Hamburg'] },
  { name: 'Nuremberg', code: 'NUE', tier: 'branch', servers: 3, links: ['Munich', 'Frankfurt'] },
  { name: 'Basel', code: 'BSL', tier: 'branch', servers: 3, links: ['Zurich'] },
  { name: 'Geneva', code: 'GVA', tier: 'branch', servers: 3, links: ['Zurich', 'Paris'] },
  { name: 'Prague', code: 'PRG', tier: 'branch', servers: 3, links: ['Vienna', 'Berlin'] },
  { name: 'Budapest', code: 'BUD', tier: 'branch', servers: 3, links: ['Vienna'] },
  { name: 'Bratislava', code: 'BTS', tier: 'branch', servers: 2, links: ['Vienna'] },
  { name: 'Krakow', code: 'KRK', tier: 'branch', servers: 3, links: ['Warsaw'] },
  { name: 'Gdansk', code: 'GDN', tier: 'branch', servers: 2, links: ['Warsaw'], version: '2010' },
  { name: 'Brussels', code: 'BRU', tier: 'branch', servers: 3, links: ['Amsterdam', 'Paris'] },
  { name: 'Rotterdam', code: 'RTM', tier: 'branch', servers: 3, links: ['Amsterdam'] },
  { name: 'Lyon', code: 'LYS', tier: 'branch', servers: 3, links: ['Paris'] },
  { name: 'Marseille', code: 'MRS', tier: 'branch', servers: 3, links: ['Paris', 'Lyon'] },
  { name: 'Toulouse', code: 'TLS', tier: 'branch', servers: 2, links: ['Paris'] },
  { name: 'Barcelona', code: 'BCN', tier: 'branch', servers: 3, links: ['Madrid', 'Marseille'] },
  { name: 'Lisbon', code: 'LIS', tier: 'branch', servers: 3, links: ['Madrid'] },
  { name: 'Manchester', code: 'MAN', tier: 'branch', servers: 3, links: ['London'] },
  { name: 'Dublin', code: 'DUB', tier: 'branch', servers: 3, links: ['London', 'Manchester'] },
  { name: 'Boston', code: 'BOS', tier: 'branch', servers: 3, links: ['New York'] },
  { name: 'Chicago', code: 'CHI', tier: 'branch', servers: 2, links: ['New York'] },
  { name: 'Toronto', code: 'YTO', tier: 'branch', servers: 2, links: ['New York'] },
  { name: 'Sydney', code: 'SYD', tier: 'branch', servers: 2, links: ['Singapore'], version: '2010' },
];

/** Sites that take mail from outside, by two Edges each. */
export const edgeSites: readonly string[] = ['Frankfurt', 'London', 'Paris'];
