import type { Topology } from '../../topology/index.js';
import type { SitePath } from '../next-hop.js';
import type { RouteAspect, RuleOutcome } from './rule-outcome.js';

const namesShown = 12;

/** Collects the outcomes of rules in the order in which they are considered, and puts names to indexes. */
export class OutcomeList {
  readonly outcomes: RuleOutcome[] = [];
  readonly #topology: Topology;

  constructor(topology: Topology) {
    this.#topology = topology;
  }

  /** A rule without which the route would be another. */
  decided(rule: string, aspect: RouteAspect, text: string): void {
    this.outcomes.push({ rule, aspect, decided: true, text });
  }

  /** A rule that was looked at and changed nothing. */
  considered(rule: string, aspect: RouteAspect, text: string): void {
    this.outcomes.push({ rule, aspect, decided: false, text });
  }

  note(decided: boolean, rule: string, aspect: RouteAspect, text: string): void {
    this.outcomes.push({ rule, aspect, decided, text });
  }

  site(index: number): string {
    return this.#topology.sites[index]!.name;
  }

  server(index: number): string {
    return this.#topology.servers[index]!.name;
  }

  servers(indexes: readonly number[]): string {
    return listed(indexes.map((index) => this.server(index)));
  }

  sites(indexes: readonly number[]): string {
    return listed(indexes.map((index) => this.site(index)));
  }

  /** `S > X > P`. */
  way({ sites }: SitePath): string {
    return sites.map((site) => this.site(site)).join(' > ');
  }
}

/** Names one after another; of many the first. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, namesShown).join(', ');
  return names.length > namesShown ? `${shown} and ${names.length - namesShown} more` : shown;
}

/** `1 hop`, `2 hops`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** A size as an administrator writes it: `8 MB`. */
export function sizeText(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1_024 && unit < units.length - 1) {
    value /= 1_024;
    unit++;
  }
  return `${Math.round(value * 100) / 100} ${units[unit]!}`;
}
