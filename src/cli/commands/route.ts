import { answerRouteQuestion, type RouteQuestion } from '../../experiment/index.js';
import { formatRouteText } from '../../report/index.js';
import { compileRoutingTables } from '../../routing/index.js';
import { loadOrganization } from '../../runner/index.js';
import { type Problem, parseSizeBytes, ScenarioError, UnitError } from '../../scenario/index.js';
import { buildTopology, findByName, hintAt, normalizeName, type Topology } from '../../topology/index.js';
import { defineCommand, exitCodes } from '../command.js';
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
    down: { type: 'string', array: true, describe: 'servers that accept nothing' },
    active: {
      type: 'string',
      array: true,
      describe: '<database>=<server>: where a database is active; default: on its first copy',
    },
    follow: { type: 'boolean', default: false, describe: 'the whole journey of each recipient' },
  },
  async run(args, context) {
    const sizeBytes = readSize(args.size);
    const { organization } = loadOrganization(args.file, { root: context.root });
    const topology = buildTopology(organization);
    const names = new NameReader(topology);
    const question: RouteQuestion = {
      server: names.source(args.from, args.service),
      service: args.service,
      recipients: args.to,
      sizeBytes,
      down: args.down && new Set(args.down.map((name, place) => names.server('--down', name, place))),
      activeServers: new Map((args.active ?? []).map((pair, place) => names.activeCopy(pair, place))),
      follow: args.follow,
    };
    names.refuseUnknown();
    const answer = answerRouteQuestion(compileRoutingTables(topology), question);
    if (context.json) context.answerJson(answer);
    else context.answer(formatRouteText(answer));
    return exitCodes.fine;
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
  server(option: string, name: string, place: number): number {
    const { servers } = this.#topology;
    const found = findByName(servers, name);
    if (found === -1)
      this.#refuse(option, place, `no server ${JSON.stringify(name)}`, hintAt(name, namesOf(servers)));
    return found;
  }

  /** The server of `--from`: one that has the service. */
  source(name: string, service: (typeof services)[number]): number {
    const found = this.server('--from', name, 0);
    if (found === -1) return -1;
    const isFit = (server: Topology['servers'][number]) =>
      service === 'front-end'
        ? server.isFrontEnd
        : server.isTransport && (service === 'transport' || server.majorVersion === 15);
    if (!isFit(this.#topology.servers[found]!)) {
      const fit = namesOf(this.#topology.servers.filter(isFit));
      this.#refuse('--from', 0, `server ${JSON.stringify(name)} has no ${service} service`, hintAt('', fit));
    }
    return found;
  }

  /** `<database>=<server>`, the server one that holds a copy. */
  activeCopy(pair: string, place: number): [database: number, server: number] {
    const { databases, servers } = this.#topology;
    const equals = pair.lastIndexOf('=');
    if (equals < 1)
      throw new UsageError(`--active: expected <database>=<server>, got ${JSON.stringify(pair)}`);
    const name = pair.slice(0, equals).trim();
    const holder = pair.slice(equals + 1).trim();
    const database = findByName(databases, name);
    if (database === -1) {
      this.#refuse(
        '--active',
        place,
        `no database ${JSON.stringify(name)}`,
        hintAt(name, namesOf(databases)),
      );
      return [-1, -1];
    }
    const holders = databases[database]!.copies.map((copy) => servers[copy]!);
    const found = holders.find((server) => normalizeName(server.name) === normalizeName(holder));
    if (found === undefined) {
      const message = `server ${JSON.stringify(holder)} has no copy of ${databases[database]!.name}`;
      this.#refuse('--active', place, message, hintAt(holder, namesOf(holders)));
      return [database, -1];
    }
    return [database, found.index];
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
