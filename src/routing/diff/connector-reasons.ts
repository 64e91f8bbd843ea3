import { findByName } from '../../topology/index.js';
import { sizeText } from '../explanation/outcome-list.js';
import type { NextHop } from '../next-hop.js';
import { ConnectorExaminer, type ConnectorObstacle, type ConnectorStanding } from './connector-standing.js';
import type { OutsideDestination } from './diff-destinations.js';
import type { DiffSide } from './diff-side.js';
import type { Matched } from './matching.js';
import type { ReasonList } from './reason-list.js';
import type { ChangedAspect, SizeSpan } from './route-comparison.js';
import type { SizedAnswer } from './sized-answers.js';

type Side = 'before' | 'after';

/** Why outside mail leaves by another connector, or by none (CN-01 to CN-06, RR-08). */
export class ConnectorReasons {
  readonly #examiners: Readonly<Record<Side, ConnectorExaminer>>;
  readonly #sides: Readonly<Record<Side, DiffSide>>;

  constructor(before: DiffSide, after: DiffSide) {
    this.#sides = { before, after };
    this.#examiners = { before: new ConnectorExaminer(before), after: new ConnectorExaminer(after) };
  }

  /** @param aspect - what changed by the choice: the connector, or the outcome */
  explain(
    list: ReasonList,
    source: Matched,
    destination: OutsideDestination,
    { aboveBytes, before, after }: SizeSpan,
    aspect: ChangedAspect,
  ): void {
    if (this.#explainResolution(list, source, destination, aspect)) return;
    const sizeBytes = aboveBytes + 1;
    const stand = (side: Side, answer: SizedAnswer) =>
      answer.hop === null
        ? undefined
        : this.#examine(side, answer.hop.destination.name, source, destination, sizeBytes);
    const old = stand('after', before);
    const chosen = stand('after', after);
    if (old !== undefined && chosen !== undefined) {
      this.#compare(list, destination, [old, before.hop!], [chosen, after.hop!], aspect);
      this.#explainSubscription(list, source, chosen, aspect);
      return;
    }
    this.#explainEnd(list, destination, after, aspect, 'now');
    if (old?.obstacle != null) {
      list.add(ruleOf(old.obstacle), aspect, obstacleText(old, before.hop!.destination.name, destination, 0));
    }
    if (chosen === undefined) return;
    this.#explainEnd(list, destination, before, aspect, 'before');
    const { name } = after.hop!.destination;
    const former = this.#examine('before', name, source, destination, sizeBytes);
    if (former.obstacle !== null) {
      list.add(ruleOf(former.obstacle), aspect, obstacleText(former, name, destination, 1));
    }
    this.#explainSubscription(list, source, chosen, aspect);
  }

  /** ES-02, RT-23: a connector that an Edge subscription has made since. */
  #explainSubscription(
    list: ReasonList,
    source: Matched,
    { connector }: ConnectorStanding,
    aspect: ChangedAspect,
  ): void {
    const { sites, servers } = this.#sides.after.topology;
    const { name: made, origin, edgeSite } = connector!;
    if (origin === 'explicit') return;
    if (findByName(this.#sides.before.topology.connectors, made) !== -1) return;
    const { name } = sites[edgeSite]!;
    list.add('ES-02', aspect, `the Edge subscription of ${name} makes ${made}`);
    if (servers[source.after]!.isEdge) return;
    list.add('RT-23', aspect, `mail for the Edges of ${name} goes by the servers of that site`);
  }

  /** CN-02: a less specific connector takes what the more specific one is too small for. */
  explainSpecificity(
    list: ReasonList,
    source: Matched,
    destination: OutsideDestination,
    span: SizeSpan,
    base: SizeSpan,
  ): void {
    const texts = (['before', 'after'] as const).map((side) => {
      const [taker, usual] = [span[side], base[side]];
      if (taker.outcome !== 'route') return undefined;
      const [name, other] = [taker, usual].map(({ hop }) => hop!.destination.name);
      const [used, specific] = [name, other].map((each) =>
        this.#examine(side, each!, source, destination, 0),
      );
      if (used!.rank <= specific!.rank) return undefined;
      return `size comes before specificity: what ${other} is too small for leaves by ${name}, for ${used!.space}`;
    });
    if (texts[0] === texts[1]) return;
    if (texts[0] !== undefined) list.add('CN-02', 'size', `before, ${texts[0]}`);
    if (texts[1] !== undefined) list.add('CN-02', 'size', texts[1]);
  }

  /** RR-08: whether there is a recipient to look for. */
  #explainResolution(
    list: ReasonList,
    source: Matched,
    { before, after, name }: OutsideDestination,
    aspect: ChangedAspect,
  ): boolean {
    const returned = after.kind === 'ndr' ? after : before;
    if (returned.kind !== 'ndr' || this.#isEdge(source)) return false;
    const text =
      returned === after
        ? `${name} is an authoritative domain now: who is unknown there is returned`
        : `${name} is no authoritative domain any more: who is unknown there is for a connector`;
    list.add(returned.ndr.rule, aspect, text);
    return true;
  }

  /** What speaks for one connector and against another, both seen in the new organization. */
  #compare(
    list: ReasonList,
    destination: OutsideDestination,
    [old, oldHop]: readonly [ConnectorStanding, NextHop],
    [chosen, hop]: readonly [ConnectorStanding, NextHop],
    aspect: ChangedAspect,
  ): void {
    const [oldName, name] = [oldHop.destination.name, hop.destination.name];
    if (old.connector === chosen.connector) {
      if (oldHop.addressSpaceCost === hop.addressSpaceCost) return;
      const costs = `${hop.addressSpaceCost} instead of ${oldHop.addressSpaceCost}`;
      list.add('CN-01', aspect, `the address space of ${name} costs ${costs}`);
      return;
    }
    if (old.obstacle !== null) {
      list.add(ruleOf(old.obstacle), aspect, obstacleText(old, oldName, destination, 0));
    } else if (old.rank !== chosen.rank) {
      list.add(
        'CN-03',
        aspect,
        `${chosen.space} of ${name} is more specific than ${old.space} of ${oldName}`,
      );
    } else if (old.aggregateCost !== chosen.aggregateCost) {
      const text = `lowest aggregate cost: by ${name} ${chosen.aggregateCost}, by ${oldName} ${old.aggregateCost}`;
      list.add('CN-01', aspect, text);
    } else if (old.distance !== chosen.distance) {
      const text = `both cost ${chosen.aggregateCost}, and ${name} is nearer than ${oldName}`;
      list.add('CN-01', aspect, text);
    } else {
      const text = `both cost ${chosen.aggregateCost} and are as near; ${name} is the lower name than ${oldName}`;
      list.add('CN-01', aspect, text);
    }
  }

  /** CN-04. */
  #explainEnd(
    list: ReasonList,
    { name }: OutsideDestination,
    { ndr, hop }: SizedAnswer,
    aspect: ChangedAspect,
    when: 'now' | 'before',
  ): void {
    if (hop !== null) return;
    const tense = when === 'now' ? 'no connector for' : 'before, no connector for';
    const [rule, end] =
      ndr === null ? ['CN-04', 'the Unreachable queue'] : [ndr.rule, `returned with ${ndr.code}`];
    list.add(rule, aspect, `${tense} ${name} that could be used: ${end}`);
  }

  #examine(
    side: Side,
    name: string,
    source: Matched,
    destination: OutsideDestination,
    sizeBytes: number,
  ): ConnectorStanding {
    const resolved = this.#isEdge(source) ? destination.onEdge : destination[side];
    const { type, domain } = resolved.kind === 'outside' ? resolved : { type: '', domain: '' };
    return this.#examiners[side].examine(name, source[side], type, domain, sizeBytes);
  }

  #isEdge({ after }: Matched): boolean {
    return this.#sides.after.topology.servers[after]!.isEdge;
  }
}

function ruleOf(obstacle: ConnectorObstacle): string {
  return obstacle === 'out-of-scope' ? 'CN-06' : obstacle === 'out-of-reach' ? 'RT-18' : 'CN-01';
}

/** What is in a connector's way, [now, before]. */
const obstacles: Readonly<Record<ConnectorObstacle, readonly [now: string, before: string]>> = {
  missing: ['is gone', 'is new'],
  disabled: ['is disabled now', 'was disabled'],
  elsewhere: ['does not take {addresses} any more', 'did not take {addresses}'],
  'too-small': ['takes', 'took'],
  'out-of-scope': ['is scoped to other sites now', 'was scoped to other sites'],
  'out-of-reach': ['has no source server in reach any more', 'had no source server in reach'],
};

function obstacleText(
  { obstacle, connector }: ConnectorStanding,
  name: string,
  destination: OutsideDestination,
  tense: 0 | 1,
): string {
  const text = obstacles[obstacle!][tense].replace('{addresses}', destination.name);
  if (obstacle !== 'too-small') return `${name} ${text}`;
  return `${name} ${text} messages up to ${sizeText(connector!.maxMessageSizeBytes)} only`;
}
