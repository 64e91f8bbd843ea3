import { median } from '../compare/slow-down.js';
import { shown, table } from '../markdown.js';
import type { GrowthPoint, QueuedPoint } from './measure-growth.js';
import { type Panel, plotPanels } from './plot.js';

/** What `bench:growth` found, as `growth.json` holds it; each point is the median of its rounds by events a second. */
export interface Growth {
  readonly mailflow: 'bench-growth/1';
  /** Day of the measurement. */
  readonly date: string;
  readonly machine: string;
  readonly rounds: number;
  /** By messages, with the same servers. */
  readonly byMessages: readonly GrowthPoint[];
  /** By servers, with the same messages. */
  readonly byServers: readonly GrowthPoint[];
  /** By messages that wait. */
  readonly queued: readonly QueuedPoint[];
}

const mebibyte = 2 ** 20;

/** The goals of the design, and what came of them; a goal that the points say nothing about has no text. */
export function goalsOf({ byMessages, byServers, queued }: Growth): readonly string[] {
  const texts: string[] = [];
  const grown = byMessages.filter(({ messages }) => messages >= 100_000);
  if (grown.length > 1) {
    const middle = middleOf(grown);
    const shares = grown.map(({ eventsPerSecond }) => eventsPerSecond / middle);
    texts.push(
      verdict(
        shares.every((share) => share >= 0.5 && share <= 1.5),
        `events a second within ±50 % from ${shown(grown[0]!.messages)} to ${shown(grown.at(-1)!.messages)} messages: ` +
          `${percent(Math.min(...shares))} to ${percent(Math.max(...shares))} of their median`,
      ),
    );
  }
  if (byServers.length > 1) {
    const speeds = byServers.map(({ eventsPerSecond }) => eventsPerSecond);
    const ratio = Math.max(...speeds) / Math.min(...speeds);
    const [few, many] = [byServers[0]!, byServers.at(-1)!];
    texts.push(
      verdict(ratio <= 2, `within 2× from ${few.servers} to ${many.servers} servers: ${ratio.toFixed(2)}×`),
    );
  }
  for (const { messages, bytes, peakRssBytes } of queued) {
    if (messages === 1_000_000) {
      const each = bytes / messages;
      texts.push(
        verdict(each <= 150, `at most 150 bytes for a message in flight: ${each.toFixed(0)} among a million`),
      );
    }
    if (messages === 10_000_000) {
      const gibibytes = peakRssBytes / 2 ** 30;
      texts.push(
        verdict(
          gibibytes <= 3,
          `ten million queued messages in 3 GB: ${gibibytes.toFixed(2)} GB at the peak`,
        ),
      );
    }
  }
  return texts;
}

/** The median speed, which the goal's ±50 % are about. */
function middleOf(points: readonly GrowthPoint[]): number {
  return median(points.map(({ eventsPerSecond }) => eventsPerSecond));
}

function verdict(met: boolean, text: string): string {
  return `${met ? 'met' : 'NOT MET'}: ${text}`;
}

/** The tables, and what came of the goals. */
export function growthMarkdown(growth: Growth): string {
  const header = ['servers', 'messages', 'deliveries', 'events', 'CPU time, s', 'events/s', 'peak, MiB'];
  const points = (list: readonly GrowthPoint[]) =>
    table(
      header,
      list.map(({ servers, submitted, delivered, events, cpuMs, eventsPerSecond, peakRssBytes }) => [
        ...[servers, submitted, delivered, events].map(grouped),
        (cpuMs / 1_000).toFixed(2),
        grouped(Math.round(eventsPerSecond)),
        grouped(Math.round(peakRssBytes / mebibyte)),
      ]),
      [0, 1, 2, 3, 4, 5, 6],
    );
  const waiting = table(
    ['waiting', 'bytes a message', 'resident bytes a message', 'peak, MiB', 'events/s'],
    growth.queued.map(({ messages, bytes, rssBytes, peakRssBytes, eventsPerSecond }) => [
      grouped(messages),
      (bytes / messages).toFixed(0),
      (rssBytes / messages).toFixed(0),
      grouped(Math.round(peakRssBytes / mebibyte)),
      grouped(Math.round(eventsPerSecond)),
    ]),
    [0, 1, 2, 3, 4],
  );
  const where = `${growth.date}, ${growth.machine}, rounds: ${growth.rounds}.`;
  const goals = goalsOf(growth).map((goal) => `- ${goal}\n`);
  return [where, points(growth.byMessages), points(growth.byServers), waiting, goals.join('')]
    .filter((part) => part !== '')
    .map((part) => (part.endsWith('\n') ? part : `${part}\n`))
    .join('\n');
}

function grouped(value: number): string {
  return value.toFixed(0).replaceAll(/\B(?=(\d{3})+$)/g, ',');
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

/** The curves as an SVG, the goals as bands behind them. */
export function growthPlot({ byMessages, byServers, date, machine }: Growth): string {
  const panels: Panel[] = [];
  if (byMessages.length > 1) {
    const grown = byMessages.filter(({ messages }) => messages >= 100_000);
    panels.push({
      title: `more messages, ${byMessages[0]!.servers} servers`,
      xLabel: 'messages',
      points: byMessages.map(({ messages, eventsPerSecond }) => ({ x: messages, y: eventsPerSecond })),
      ...(grown.length > 1 && {
        band: {
          fromX: grown[0]!.messages,
          toX: grown.at(-1)!.messages,
          low: 0.5 * middleOf(grown),
          high: 1.5 * middleOf(grown),
        },
      }),
    });
  }
  if (byServers.length > 1) {
    const [few, many] = [byServers[0]!, byServers.at(-1)!];
    panels.push({
      title: `more servers, ${shown(few.messages)} messages`,
      xLabel: 'servers',
      points: byServers.map(({ servers, eventsPerSecond }) => ({ x: servers, y: eventsPerSecond })),
      band: {
        fromX: few.servers,
        toX: many.servers,
        low: 0.5 * few.eventsPerSecond,
        high: few.eventsPerSecond,
      },
    });
  }
  return plotPanels(panels, 'events a second of CPU time', `${date}, ${machine}; band: the goal`);
}
