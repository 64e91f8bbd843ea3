import { table } from '../markdown.js';

/** Section 10 of the design. */
export const goals = { retainedBytes: 48, inFlightBytes: 150 } as const;

/** What there is at the end of an hour. */
export interface Hour {
  /** Messages in flight. */
  readonly inFlight: number;
  /** Deliveries that Safety Net keeps by themselves. */
  readonly retained: number;
  /** Heap and array buffers of the process, garbage collected. */
  readonly bytes: number;
}

export interface TwoDays {
  readonly hours: readonly Hour[];
  /** At the end: copies of messages, each on a server or on its way to one, with some of their recipients. */
  readonly copiesInFlight: number;
}

const hoursOfDay = 24;

/** A retained delivery's share: the slope between the first night and an hour, in a run with hardly anything in flight. */
export function retainedBytes({ hours }: TwoDays, hour: number): number {
  const first = hours[0]!;
  const last = hours[hour - 1]!;
  return (last.bytes - first.bytes) / (last.retained - first.retained);
}

/**
 * Bytes of one submitted message with all of its copies: what the waiting run holds more than the healthy one, divided by the
 * messages that wait. Deliveries that only one run has are taken off at their own share.
 */
export function inFlightBytes(healthy: TwoDays, waiting: TwoDays): number {
  const without = healthy.hours.at(-1)!;
  const withThem = waiting.hours.at(-1)!;
  const messages = withThem.inFlight - without.inFlight;
  const deliveries = without.retained - withThem.retained;
  const bytes = withThem.bytes - without.bytes + deliveries * retainedBytes(healthy, healthy.hours.length);
  return bytes / messages;
}

/** The figures, and whether all goals are met. */
export function twoDaysReport(healthy: TwoDays, waiting: TwoDays): { text: string; isMet: boolean } {
  const ends = [...new Set([hoursOfDay, healthy.hours.length])];
  const retained = ends.map((hour) => ({ hour, bytes: retainedBytes(healthy, hour) }));
  const last = waiting.hours.at(-1)!;
  const copies = waiting.copiesInFlight / last.inFlight;
  const bytes = inFlightBytes(healthy, waiting);
  const rows = healthy.hours.map((hour, place) => [
    String(place + 1),
    ...shown(hour),
    ...shown(waiting.hours[place]!),
  ]);
  const header = [
    'hour',
    ...['in flight', 'retained', 'MiB in use'],
    ...['waiting: in flight', 'retained', 'MiB in use'],
  ];
  const verdict = (bytes: number, most: number) => (bytes <= most ? 'met' : 'NOT MET');
  const lines = [
    table(header, rows, [0, 1, 2, 3, 4, 5, 6]),
    ...retained.map(
      ({ hour, bytes: share }) =>
        `- ${verdict(share, goals.retainedBytes)}: at most ${goals.retainedBytes} bytes a retained delivery: ` +
        `${share.toFixed(1)} after ${hour} h`,
    ),
    `- ${verdict(bytes, goals.inFlightBytes)}: at most ${goals.inFlightBytes} bytes a message in flight: ` +
      `${bytes.toFixed(1)} for one as it was submitted, with ${copies.toFixed(2)} copies in queues, among ${last.inFlight}`,
    `- ${verdict(bytes / copies, goals.inFlightBytes)}: the same for one as queues count it, a copy: ` +
      `${(bytes / copies).toFixed(1)} among ${waiting.copiesInFlight}`,
  ];
  return {
    text: `${lines.join('\n')}\n`,
    isMet: bytes <= goals.inFlightBytes && retained.every(({ bytes: share }) => share <= goals.retainedBytes),
  };
}

function shown({ inFlight, retained, bytes }: Hour): string[] {
  return [String(inFlight), String(retained), (bytes / 2 ** 20).toFixed(0)];
}
