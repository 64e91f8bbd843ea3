import type { RunSummary } from '../measure/index.js';
import type { RoutingTables } from '../routing/index.js';
import type { Scenario } from '../scenario/index.js';
import type { Topology } from '../topology/index.js';
import { describeLoad, offeredLoad, type StageLoad } from './offered-load.js';
import type { OfferedStage } from './offered-work.js';

/** The part of the organization that has most to do. */
export interface SaturatedTier {
  readonly kind: OfferedStage['kind'];
  /** The server, remote host or link; of a database or a queue the server that delivers. */
  readonly name: string;
  /** What it is offered, and what it can do. */
  readonly text: string;
  /** Offered over capacity in its busiest hour (the utilization law): above 1 its queue grows. Null: not known. */
  readonly offered: number | null;
  /**
   * As the run had it, averaged after the warm-up: the share of time that processors and links were busy; of a
   * categorizer its throughput times the service time, over its slots. Null for others.
   */
  readonly measured: number | null;
}

/**
 * The stage with the highest utilization at a scenario's load: by what its workloads offer, and by what its processors and
 * links were measured to do, for load that cannot be told beforehand.
 */
export function saturatedTier(
  scenario: Scenario,
  tables: RoutingTables,
  summary: RunSummary,
): SaturatedTier | null {
  const { topology } = tables;
  const [busiest] = [...(offeredLoad(scenario, tables) ?? [])].sort((a, b) => b.utilization - a.utilization);
  const measured = busiestMeasured(summary);
  if (busiest !== undefined && (measured === null || busiest.utilization >= (measured.measured ?? 0))) {
    return {
      kind: busiest.stage.kind,
      name: nameOf(busiest.stage, topology),
      text: describeLoad(busiest, topology).text,
      offered: busiest.utilization,
      measured: measuredUtilization(busiest, scenario, topology, summary),
    };
  }
  return measured;
}

function busiestMeasured({ servers, links }: RunSummary): SaturatedTier | null {
  const all = [
    ...servers.map(({ server, utilization }) => ({
      kind: 'processor' as const,
      name: server,
      text: `server ${server}, processor`,
      offered: null,
      measured: utilization,
    })),
    ...links.map(({ link, utilization }) => ({
      kind: 'link' as const,
      name: link,
      text: `link ${link}`,
      offered: null,
      measured: utilization,
    })),
  ];
  return all.sort((a, b) => b.measured - a.measured)[0] ?? null;
}

function nameOf(stage: OfferedStage, { servers, siteLinks }: Topology): string {
  if (stage.kind === 'link') return siteLinks[stage.link]!.name;
  return stage.kind === 'remote' ? stage.host : servers[stage.server]!.name;
}

function measuredUtilization(
  { stage, capacityPerSecond }: StageLoad,
  scenario: Scenario,
  topology: Topology,
  summary: RunSummary,
): number | null {
  if (stage.kind === 'link') {
    const { name } = topology.siteLinks[stage.link]!;
    return summary.links.find(({ link }) => link === name)?.utilization ?? null;
  }
  if (stage.kind !== 'processor' && stage.kind !== 'categorizer') return null;
  const { name } = topology.servers[stage.server]!;
  const found = summary.servers.find(({ server }) => server === name);
  if (found === undefined) return null;
  if (stage.kind === 'processor') return found.utilization;
  const { hardware } = scenario.serverSettings.get(name) ?? scenario.settings;
  const serviceMs = Math.max(hardware.categorizerTime, hardware.cpuPerMessage);
  return (found.messagesPerSecond * serviceMs) / 1_000 / capacityPerSecond;
}
