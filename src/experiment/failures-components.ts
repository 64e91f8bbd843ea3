import type { Topology } from '../topology/index.js';

/** What can fail by itself. */
export type ComponentKind = 'site' | 'server' | 'edge-server' | 'site-link' | 'connector';

/** Something that can fail. */
export interface Component {
  readonly kind: ComponentKind;
  /** In its list of the topology. */
  readonly index: number;
  readonly name: string;
}

/**
 * What can fail in an organization: its sites, servers, Edges, site links and connectors, each kind in name order.
 * Connectors that are disabled carry nothing; those of Edge subscriptions are among the others.
 */
export function componentsOf(topology: Topology): readonly Component[] {
  const { sites, servers, siteLinks, connectors } = topology;
  const named = (kind: ComponentKind, list: readonly { readonly index: number; readonly name: string }[]) =>
    list.map(({ index, name }): Component => ({ kind, index, name }));
  return [
    ...named('site', sites),
    ...named(
      'server',
      servers.filter(({ isEdge }) => !isEdge),
    ),
    ...named(
      'edge-server',
      servers.filter(({ isEdge }) => isEdge),
    ),
    ...named('site-link', siteLinks),
    ...named(
      'connector',
      connectors.filter(({ enabled }) => enabled),
    ),
  ];
}

/** Each component by itself, in order. */
export function singleFailures(components: readonly Component[]): readonly (readonly Component[])[] {
  return components.map((each) => [each]);
}

/** Every two components, in order, but for those of which one fails with the other: a server and its site. */
export function* pairedFailures(
  components: readonly Component[],
  { servers }: Topology,
): Generator<readonly Component[]> {
  for (const [place, first] of components.entries()) {
    for (const second of components.slice(place + 1)) {
      const isInside =
        first.kind === 'site' && second.kind === 'server' && servers[second.index]!.site === first.index;
      if (!isInside) yield [first, second];
    }
  }
}
