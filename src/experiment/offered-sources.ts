import type { Topology } from '../topology/index.js';

/** A server at which mail enters the organization, or leaves a mailbox, with its share of the messages. */
export interface MailSource {
  readonly server: number;
  readonly share: number;
  /** Its submission service or front end chooses a Transport service; else its own takes what comes (RT-60). */
  readonly chooses: boolean;
  /** The Edge that passes it on; null: the user, or the outside sender, brings it. */
  readonly edge: number | null;
}

/**
 * Where mail from outside enters: at the front ends by turns (assumption A-front-ends-take-turns), or at the doors of the
 * sites of the Edges that pass it (RT-60, assumption A-edges-take-turns).
 */
export function outsideSources({ servers, sites }: Topology): {
  readonly sources: readonly MailSource[];
  readonly edges: readonly { readonly server: number; readonly share: number }[];
} {
  const isOpen = (site: number) => site >= 0 && sites[site]!.inboundMail;
  const edges = servers.filter(({ isEdge, site }) => isEdge && isOpen(site));
  const share = 1 / edges.length;
  if (edges.length > 0) {
    const sources = edges.flatMap(({ index, site, majorVersion }) => {
      const doors = sites[site]!.transportServers;
      return doors.map((server) => ({
        server,
        share: share / doors.length,
        chooses: majorVersion === 15 && servers[server]!.isFrontEnd,
        edge: index,
      }));
    });
    return { sources, edges: edges.map(({ index }) => ({ server: index, share })) };
  }
  const frontEnds = servers.filter(({ isFrontEnd, site }) => isFrontEnd && isOpen(site));
  const sources = frontEnds.map(({ index }) => ({
    server: index,
    share: 1 / frontEnds.length,
    chooses: true,
    edge: null,
  }));
  return { sources, edges: [] };
}

/**
 * The hubs that fetch the mail of mailboxes on a server of 2007 or 2010 (assumption A-older-submission); null for servers
 * of 2013, whose submission service chooses.
 */
export function fetchingHubs({ servers, sites }: Topology, server: number): readonly number[] | null {
  const { site, majorVersion } = servers[server]!;
  if (majorVersion === 15) return null;
  return sites[site]!.transportServers.filter((each) => servers[each]!.majorVersion === majorVersion);
}
