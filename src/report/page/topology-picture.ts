import type { RunSummary } from '../../measure/index.js';
import { formatBytes, formatCount, formatCounted, formatShare, plainText } from '../formats/quantities.js';
import type { Outline } from '../outline.js';
import { html, type Markup, nothing } from './html-text.js';
import { placeLabels } from './label-places.js';
import { type Box, type Layout, layOut, type Point, stretched } from './layout.js';
import { scrolling } from './sortable-table.js';

/** Sites and servers of which a picture can still be read; beyond that it shows the busiest, and says so. */
const mostSites = 60;
const mostServersInSite = 12;
const mostServersShown = 160;
/** Links that can all have their names at them. */
const mostLabels = 14;
const markedLinks = 3;
const markedQueues = 5;

/** From that on a picture wants a sheet across, on paper. */
const widePicture = 900;

/** Pixels of a line for its name. */
const nameRoom = 160;

/** By how much boxes are moved apart where names of links have no room between them. */
const stretches = [1.15, 1.3, 1.5, 1.75, 2].flatMap((factor) => [
  { across: 1, down: factor },
  { across: factor, down: 1 },
  { across: factor, down: factor },
]);

const cellWidth = 124;
const cellHeight = 38;
const gap = 6;
const padding = 8;
const headHeight = 24;

interface ServerFigure {
  readonly name: string;
  readonly edge: boolean;
  readonly utilization: number;
  /** The most that any of its queues held. */
  readonly peak: number;
  /** Whether one of the longest queues of all is here. */
  readonly marked: boolean;
}

interface SiteFigure extends Box {
  readonly name: string;
  readonly hub: boolean;
  readonly columns: number;
  /** What is shown of its servers, and how many are not. */
  readonly servers: readonly ServerFigure[];
  readonly hidden: number;
  /** Of all its servers: the one with the longest queue, and how busy the busiest is; undefined without a server. */
  readonly fullest: ServerFigure | undefined;
  readonly utilization: number;
}

interface LinkFigure {
  readonly name: string;
  readonly cost: number;
  readonly sites: readonly number[];
  readonly utilization: number;
  readonly bytes: number;
  /** 1 for the busiest; 0 where it is not among the busiest. */
  readonly rank: number;
}

/**
 * The organization as a picture: a box a site with its servers, a line a site link, the busiest links and the longest
 * queues marked. Nothing where there is no site to draw.
 */
export async function drawTopology(outline: Outline, summary: RunSummary): Promise<Markup> {
  const figures = serverFigures(outline, summary);
  const bySite = new Map<string, ServerFigure[]>();
  for (const { name, site } of outline.servers) {
    if (site === null) continue;
    const list = bySite.get(site);
    if (list === undefined) bySite.set(site, [figures.get(name)!]);
    else list.push(figures.get(name)!);
  }
  const alone = outline.servers.filter(({ site }) => site === null).length;
  const detailed = outline.servers.length <= mostServersShown;
  const all = outline.sites.map(({ name, hub }) => siteFigure(name, hub, bySite.get(name) ?? [], detailed));
  const shown = [...all.keys()]
    .sort((a, b) => (all[b]!.fullest?.peak ?? 0) - (all[a]!.fullest?.peak ?? 0) || a - b)
    .slice(0, mostSites)
    .sort((a, b) => a - b);
  if (shown.length === 0) return nothing;
  const sites = shown.map((index) => all[index]!);
  const links = linkFigures(outline, summary, new Map(sites.map(({ name }, index) => [name, index])));
  const named = links.length <= mostLabels;
  const busiest = links.filter(({ rank }) => rank > 0).sort((a, b) => a.rank - b.rank);
  // A link of three sites or more meets in a point of its own.
  const joints = links.filter((link) => link.sites.length > 2);
  const boxes: readonly Box[] = [
    ...sites,
    ...joints.map((link) => (named ? labelSize(link) : { width: 12, height: 12 })),
  ];
  const lines = links.flatMap((link) =>
    spokes(link, sites.length + joints.indexOf(link)).map((spoke) => ({
      ...spoke,
      room: named ? Math.max(nameRoom, labelSize(spoke.link).width + 4 * gap) : 0,
      isBusy: link.rank > 0,
    })),
  );
  // The busiest first: these are looked for.
  const labelled = named ? [...busiest, ...links.filter(({ rank }) => rank === 0)] : busiest;
  const placesIn = ({ width, height, centers }: Layout) =>
    placeLabels(
      labelled.map((link) => {
        const joint = centers[sites.length + joints.indexOf(link)];
        const [from, to] =
          link.sites.length > 2 ? [joint!, joint!] : link.sites.map((site) => centers[site]!);
        return { from: from!, to: to!, ...(named ? labelSize(link) : rankSize) };
      }),
      // A joint stands between the name and the figure of its link.
      sites.map((site, index) => ({ ...site, center: centers[index]! })),
      { width, height },
    );
  const layout = await layOut(boxes, lines);
  let best = { layout, places: placesIn(layout) };
  for (const factors of named ? stretches : []) {
    if (best.places.covered === 0) break;
    const wider = stretched(layout, boxes, factors);
    const places = placesIn(wider);
    if (places.covered < best.places.covered) best = { layout: wider, places };
  }
  const { width, height, centers } = best.layout;
  const hiddenSites = all.length - sites.length;
  const notes = [
    hiddenSites > 0 ? `The ${formatCount(sites.length)} busiest of ${formatCount(all.length)} sites. ` : '',
    detailed
      ? 'A server shows how busy its processor was, and the most messages that one of its queues held. '
      : 'There are too many servers for a picture: a site shows how many it has, how busy the busiest processor was, and the most messages that a queue held. ',
    'Thick edges: the longest queues. Thick and numbered lines: the busiest links. Shadow queues do not count. ',
    alone > 0
      ? `${formatCount(alone)} ${alone === 1 ? 'server belongs' : 'servers belong'} to no site. `
      : '',
  ].join('');
  const picture = html`<svg class="topology${width > widePicture ? ' wide' : ''}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${inWords(outline, figures, links)}">
${lines.map(({ link, ends }) => drawLine(link, centers[ends[0]]!, centers[ends[1]]!))}
${joints.map((_, index) => drawJoint(centers[sites.length + index]!))}
${sites.map((site, index) => drawSite(site, centers[index]!, detailed))}
${labelled.map((link, index) => (named ? drawLinkLabel : drawRank)(link, best.places.centers[index]!))}
</svg>`;
  return html`${scrolling('Picture of the topology', picture)}
${named ? nothing : listOfLinks(busiest, sites)}
<p class="note">${notes}</p>
<p class="note loads">Processor busy:${['less than 20 %', 'from 20 %', 'from 50 %', 'from 80 %'].map(
    (text, load) => html` <span class="load${load}">${text}</span>`,
  )}</p>`;
}

/** The picture for those who do not see it. */
function inWords(
  outline: Outline,
  servers: ReadonlyMap<string, ServerFigure>,
  links: readonly LinkFigure[],
): string {
  const busiest = [...links].filter(({ rank }) => rank > 0).sort((a, b) => a.rank - b.rank);
  const longest = [...servers.values()].filter(({ marked }) => marked).sort((a, b) => b.peak - a.peak);
  return [
    `${formatCounted(outline.sites.length, 'site')}, ${formatCounted(outline.siteLinks.length, 'site link')}, ${formatCounted(outline.servers.length, 'server')}.`,
    busiest.length === 0
      ? ''
      : ` Busiest links: ${busiest.map((link) => `${plainText(link.name, 40)}, ${linkFigure(link)}`).join('; ')}.`,
    longest.length === 0
      ? ''
      : ` Longest queues: ${longest.map(({ name, peak }) => `${formatCounted(peak, 'message')} at ${plainText(name, 40)}`).join('; ')}.`,
  ].join('');
}

function serverFigures(outline: Outline, summary: RunSummary): Map<string, ServerFigure> {
  const utilization = new Map(summary.servers.map((each) => [each.server, each.utilization]));
  const peaks = new Map<string, number>();
  const queues = summary.queues.filter(({ deliveryType }) => deliveryType !== 'ShadowRedundancy');
  for (const { server, maxLength } of queues) {
    peaks.set(server, Math.max(peaks.get(server) ?? 0, maxLength));
  }
  const longest = [...queues].sort((a, b) => b.maxLength - a.maxLength).slice(0, markedQueues);
  const marked = new Set(longest.filter(({ maxLength }) => maxLength > 0).map(({ server }) => server));
  return new Map(
    outline.servers.map(({ name, edge }) => [
      name,
      {
        name,
        edge,
        utilization: utilization.get(name) ?? 0,
        peak: peaks.get(name) ?? 0,
        marked: marked.has(name),
      },
    ]),
  );
}

function siteFigure(
  name: string,
  hub: boolean,
  servers: readonly ServerFigure[],
  detailed: boolean,
): SiteFigure {
  const most = detailed ? mostServersInSite : 0;
  const shown =
    servers.length <= most
      ? servers
      : [...servers]
          .sort((a, b) => b.peak - a.peak || b.utilization - a.utilization)
          .slice(0, Math.max(0, most - 1));
  const hidden = servers.length - shown.length;
  const cells = shown.length + (hidden > 0 ? 1 : 0);
  const columns = cells <= 2 ? Math.max(1, cells) : Math.ceil(Math.sqrt(cells));
  const rows = Math.ceil(cells / columns);
  const fullest = servers.reduce<ServerFigure | undefined>(
    (best, each) => (best === undefined || each.peak > best.peak ? each : best),
    undefined,
  );
  const size: Box = detailed
    ? {
        width: Math.max(140, columns * (cellWidth + gap) - gap + 2 * padding),
        height: headHeight + rows * (cellHeight + gap) + (rows === 0 ? 0 : padding - gap) + 4,
      }
    : { width: Math.max(140, Math.ceil(peakText(fullest).length * 6.9) + 2 * padding), height: 56 };
  return {
    name,
    hub,
    columns,
    servers: shown,
    hidden,
    fullest,
    utilization: Math.max(0, ...servers.map((each) => each.utilization)),
    ...size,
  };
}

function linkFigures(
  outline: Outline,
  summary: RunSummary,
  siteIndex: ReadonlyMap<string, number>,
): LinkFigure[] {
  const traffic = new Map(summary.links.map((each) => [each.link, each]));
  const busiest = [...summary.links]
    .filter(({ bytes }) => bytes > 0)
    .sort((a, b) => b.utilization - a.utilization || b.bytes - a.bytes)
    .slice(0, markedLinks)
    .map(({ link }) => link);
  return outline.siteLinks.flatMap(({ name, cost, sites }) => {
    const ends = sites.flatMap((site) => siteIndex.get(site) ?? []);
    if (ends.length < 2) return [];
    const { utilization, bytes } = traffic.get(name) ?? { utilization: 0, bytes: 0 };
    return [{ name, cost, sites: ends, utilization, bytes, rank: busiest.indexOf(name) + 1 }];
  });
}

function spokes(link: LinkFigure, joint: number): { link: LinkFigure; ends: readonly [number, number] }[] {
  const [a, b] = link.sites;
  if (link.sites.length === 2) return [{ link, ends: [a!, b!] }];
  return link.sites.map((site) => ({ link, ends: [site, joint] }));
}

function drawLine({ rank }: LinkFigure, from: Point, to: Point): Markup {
  return html`<line class="link${rank > 0 ? ' busy' : ''}" x1="${from.x}" y1="${from.y}" x2="${to.x}" y2="${to.y}"/>`;
}

function drawJoint({ x, y }: Point): Markup {
  return html`<circle class="joint" cx="${x}" cy="${y}" r="5"/>`;
}

function drawSite(site: SiteFigure, center: Point, detailed: boolean): Markup {
  const left = Math.round(center.x - site.width / 2);
  const top = Math.round(center.y - site.height / 2);
  const marks = detailed ? '' : ` load${loadOf(site.utilization)}${site.fullest?.marked ? ' marked' : ''}`;
  // Of a hub a shorter name, so that it stays in its box.
  const head = plainText(site.name, (site.columns > 1 ? 30 : 17) - (site.hub ? 6 : 0));
  return html`<g class="site${marks}" transform="translate(${left} ${top})"><title>site ${plainText(site.name)}${site.hub ? ', a hub site' : ''}</title>
<rect width="${site.width}" height="${site.height}" rx="8"/>
<text class="name" x="${padding}" y="17">${head}${site.hub ? ' · hub' : ''}</text>
${site.servers.map((server, index) => drawServer(server, cellAt(index, site.columns)))}
${site.hidden === 0 ? '' : detailed ? drawHidden(site) : drawTotals(site)}</g>`;
}

function drawServer({ name, edge, utilization, peak, marked }: ServerFigure, { x, y }: Point): Markup {
  const busy = formatShare(utilization);
  return html`<g class="server load${loadOf(utilization)}${marked ? ' marked' : ''}" transform="translate(${x} ${y})"><title>${plainText(name)}: processor ${busy} busy, longest queue ${formatCount(peak)}</title><rect width="${cellWidth}" height="${cellHeight}" rx="4"/><text x="6" y="15">${withoutMiddle(name, edge ? 8 : 13)}${edge ? ' · Edge' : ''}</text><text class="figure" x="6" y="30">${busy} · max ${formatCount(peak)}</text></g>`;
}

function loadOf(utilization: number): 0 | 1 | 2 | 3 {
  return utilization >= 0.8 ? 3 : utilization >= 0.5 ? 2 : utilization >= 0.2 ? 1 : 0;
}

/** How many servers of a site have no place in its box. */
function drawHidden({ servers, columns, hidden }: SiteFigure): Markup {
  const { x, y } = cellAt(servers.length, columns);
  return html`<text class="figure" x="${x + 6}" y="${y + 15}">${formatCount(hidden)} more</text>`;
}

/** A site whose servers are not shown. */
function drawTotals({ hidden, fullest, utilization }: SiteFigure): Markup {
  const { x, y } = cellAt(0, 1);
  return html`<text class="figure" x="${x}" y="${y + 9}">${formatCounted(hidden, 'server')} · ${formatShare(utilization)}</text><text class="figure${fullest?.marked ? ' most' : ''}" x="${x}" y="${y + 24}">${peakText(fullest)}</text>`;
}

function peakText(fullest: ServerFigure | undefined): string {
  const most = `max ${formatCount(fullest?.peak ?? 0)}`;
  return fullest?.marked ? `${most} at ${withoutMiddle(fullest.name, 12)}` : most;
}

function drawLinkLabel(link: LinkFigure, { x, y }: Point): Markup {
  const figure = linkFigure(link);
  return html`<g class="label${link.rank > 0 ? ' busy' : ''}"><title>site link ${plainText(link.name)}: ${figure}</title><text x="${x}" y="${y - 9}">${linkName(link)}</text><text class="figure" x="${x}" y="${y + 16}">${figure}</text></g>`;
}

/** Where there is no room for names: the number that the link has in the list below the picture. */
function drawRank(link: LinkFigure, { x, y }: Point): Markup {
  return html`<g class="rank"><title>site link ${plainText(link.name)}: ${linkFigure(link)}</title><circle cx="${x}" cy="${y}" r="${rankSize.width / 2}"/><text x="${x}" y="${y + 4.5}">${link.rank}</text></g>`;
}

function listOfLinks(busiest: readonly LinkFigure[], sites: readonly SiteFigure[]): Markup {
  if (busiest.length === 0) return nothing;
  return html`<p>The busiest links:</p><ol>${busiest.map(
    (link) =>
      html`<li>${plainText(link.name, 64)}, ${link.sites.map((site) => plainText(sites[site]!.name, 30)).join(' – ')}: ${linkFigure(link)}</li>`,
  )}</ol>`;
}

function linkFigure({ cost, utilization, bytes }: LinkFigure): string {
  const share = utilization > 0 ? ` · ${formatShare(utilization)}` : '';
  return `cost ${formatCount(cost)}${share}${bytes > 0 ? ` · ${formatBytes(bytes)}` : ''}`;
}

/** A number on a line. */
const rankSize: Box = { width: 22, height: 22 };

function linkName({ name, rank }: LinkFigure): string {
  return rank > 0 ? `${rank}. ${plainText(name, 22)}` : plainText(name, 22);
}

/**
 * The name of a link above its line, its figure below. How wide a text is depends on the font of whoever looks at it:
 * so wide are most.
 */
function labelSize(link: LinkFigure): Box {
  const name = linkName(link).length * (link.rank > 0 ? 7.4 : 7);
  return { width: Math.ceil(Math.max(name, linkFigure(link).length * 6.1)) + 8, height: 44 };
}

/** A name that is too long without its middle: names of servers begin alike, and differ at their ends. */
function withoutMiddle(name: string, longest: number): string {
  const letters = [...plainText(name, Number.POSITIVE_INFINITY)];
  if (letters.length <= longest) return letters.join('');
  const tail = Math.ceil((longest - 1) / 2);
  return `${letters.slice(0, longest - 1 - tail).join('')}…${letters.slice(-tail).join('')}`;
}

function cellAt(index: number, columns: number): Point {
  return {
    x: padding + (index % columns) * (cellWidth + gap),
    y: headHeight + Math.floor(index / columns) * (cellHeight + gap),
  };
}
