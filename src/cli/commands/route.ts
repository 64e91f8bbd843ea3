import {
  answerRouteQuestion,
  compileOrganization,
  type Outages,
  type RouteQuestion,
  runsService,
} from '../../experiment/index.js';
import { formatJson, formatRouteText } from '../../report/index.js';
import { loadOrganization } from '../../runner/index.js';
import { type Problem, parseSizeBytes, ScenarioError, UnitError } from '../../scenario/index.js';
import {
  buildTopology,
  findByName,
  hintAt,
  normalizeName,
  type Topology,
  withActiveCopies,
} from '../../topology/index.js';
import { defineCommand, exitCodes } from '../command.js';
import { answering, outOption } from '../command-answer.js';
import { UsageError } from '../errors.js';

const services = ['transport', 'front-end', 'submission'] as const;

/** `mailflow route`: which way a message goes, and where it waits while servers are down (design section 5). */
export const command = defineCommand({
  positionals: {
    file: { type: 'string', demandOption: true, describe: 'an organization or scenario file' },
  },
  options: {
    from: { type: 'string', demandOption: true, describe: 'the server that has the message' },
    to: {
      type: 'string',
      array: true,
      demandOption: true,
      describe: 'recipients: SMTP addresses, or Type:address',
    },
    service: {
      choices: services,
      default: 'transport' as const,
      describe: 'the service on that server that has the message',
    },
    size: { type: 'string', default: '100 KB', describe: 'size of the message' },
    sender: { type: 'string', describe: 'the sender, for mailboxes that take mail from some only' },
    down: { type: 'string', array: true, describe: 'servers that accept nothing' },
    'down-site': {
      type: 'string',
      array: true,
      describe: 'sites whose servers are all down, and their links as far as they join them',
    },
    'down-link': { type: 'string', array: true, describe: 'site links that are cut' },
    active: {
      type: 'string',
      array: true,
      describe: '<database>=<server>: where a database is active; default: on its first copy',
    },
    explain: { type: 'boolean', default: false, describe: 'each rule considered, with its outcome' },
    follow: { type: 'boolean', default: false, describe: 'the whole journey of each recipient' },
    out: outOption,
  },
  async run(args, context) {
    const sizeBytes = readSize(args.size);
    const decoded = loadOrganization(args.file, { root: context.root });
    const { organization, settings, serverSettings } = decoded;
    const described = buildTopology(organization);
    const names = new NameReader(described);
    const server = names.source(args.from, args.service);
    const outages = names.outages(args.down, args.downSite, args.downLink);
    const active = new Map((args.active ?? []).map((pair, place) => names.activeCopy(pair, place)));
    names.refuseUnknown();
    const topology = active.size === 0 ? described : buildTopology(withActiveCopies(organization, active));
    const settingsOf = (index: number) => serverSettings.get(topology.servers[index]!.name) ?? settings;
    const question: RouteQuestion = {
      server,
      service: args.service,
      recipients: args.to,
      sizeBytes,
      sender: args.sender,
      outages,
      follow: args.follow,
      explain: args.explain,
      delayedFanOut: (index) => settingsOf(index).transport.delayedFanOut,
    };
    return answering('route', args.out, context, async (give) => {
      const answer = answerRouteQuestion(compileOrganization(decoded, topology), question);
      give({ json: () => [formatJson(answer)], text: () => formatRouteText(answer) });
      return exitCodes.fine;
    });
  },
});

function readSize(text: string): number {
  try {
    return parseSizeBytes(text);
  } catch (error) {
    if (error instanceof UnitError) throw new UsageError(`--size: ${error.message}`);
    throw error;
  }
}

/** Finds the objects that options name, and notes every name that there is none of. */
class NameReader {
  readonly #topology: Topology;
  readonly #problems: Problem[] = [];

  constructor(topology: Topology) {
    this.#topology = topology;
  }

  /** @param place - of the value among the option's values, from 0 */
  #find(
    option: string,
    what: string,
    list: readonly { readonly name: string }[],
    name: string,
    place: number,
  ): number {
    const found = findByName(list, name);
    if (found === -1) {
      this.#refuse(option, place, `no ${what} ${JSON.stringify(name)}`, hintAt(name, namesOf(list)));
    }
    return found;
  }

  /** What is down; undefined where no option says anything. */
  outages(
    servers: readonly string[] | undefined,
    sites: readonly string[] | undefined,
    links: readonly string[] | undefined,
  ): Outages | undefined {
    if (servers === undefined && sites === undefined && links === undefined) return undefined;
    const all = (
      option: string,
      what: string,
      list: readonly { readonly name: string }[],
      names: readonly string[] = [],
    ) => new Set(names.map((name, place) => this.#find(option, what, list, name, place)));
    const { servers: ofServers, sites: ofSites, siteLinks } = this.#topology;
    return {
      servers: all('--down', 'server', ofServers, servers),
      sites: all('--down-site', 'site', ofSites, sites),
      links: all('--down-link', 'site link', siteLinks, links),
    };
  }

  /** The server of `--from`: one that has the service. */
  source(name: string, service: (typeof services)[number]): number {
    const found = this.#find('--from', 'server', this.#topology.servers, name, 0);
    if (found === -1) return -1;
    const isFit = (server: Topology['servers'][number]) => runsService(server, service);
    if (!isFit(this.#topology.servers[found]!)) {
      const fit = namesOf(this.#topology.servers.filter(isFit));
      this.#refuse('--from', 0, `server ${JSON.stringify(name)} has no ${service} service`, hintAt('', fit));
    }
    return found;
  }

  /** `<database>=<server>`, the server one that holds a copy; by names. */
  activeCopy(pair: string, place: number): [database: string, server: string] {
    const { databases, servers } = this.#topology;
    const equals = pair.lastIndexOf('=');
    if (equals < 1)
      throw new UsageError(`--active: expected <database>=<server>, got ${JSON.stringify(pair)}`);
    const name = pair.slice(0, equals).trim();
    const holder = pair.slice(equals + 1).trim();
    const database = databases[this.#find('--active', 'database', databases, name, place)];
    if (database === undefined) return [name, holder];
    const holders = database.copies.map((copy) => servers[copy]!);
    if (!holders.some((server) => normalizeName(server.name) === normalizeName(holder))) {
      const message = `server ${JSON.stringify(holder)} has no copy of ${database.name}`;
      this.#refuse('--active', place, message, hintAt(holder, namesOf(holders)));
    }
    return [name, holder];
  }

  /** @throws ScenarioError with every name refused so far, if any */
  refuseUnknown(): void {
    if (this.#problems.length > 0) throw new ScenarioError(this.#problems);
  }

  #refuse(option: string, place: number, message: string, hint: string): void {
    this.#problems.push({ file: option, line: place + 1, column: 1, path: '', message, hint });
  }
}

function namesOf(list: readonly { readonly name: string }[]): string[] {
  return list.map((each) => each.name);
}
