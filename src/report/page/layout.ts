import type { Graph } from '@viz-js/viz';

/** A box to place, in pixels. */
export interface Box {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Layout extends Box {
  /** The middle of each box. */
  readonly centers: readonly Point[];
}

/** A line between two boxes, by index. */
export interface Line {
  readonly ends: readonly [number, number];
  /** Pixels between the two, for what stands at the line; 0: the nearer the better. */
  readonly room: number;
  /** Whether it matters most that it passes behind no box. */
  readonly isBusy: boolean;
}

const pixelsPerInch = 96;
const margin = 24;
/** Pictures of many boxes are wider than high, as windows and sheets across are, by about so much. */
const widening = 1.6;
/** Few boxes read best in ranks; many need both dimensions. */
const mostInRanks = 7;
/** Of many boxes several pictures are drawn, and the best is taken: that costs tenths of a second. */
const tries = [30, 45, 80].flatMap((shortest) => [1, 2, 3, 7].map((start) => ({ shortest, start })));
/** Pixels that a picture has: in a window of 1280, and on a sheet of A4 across. */
const places = [
  { width: 1_200, height: Number.POSITIVE_INFINITY },
  { width: 1_016, height: 476 },
] as const;

/**
 * Places boxes so that those with a line between them are near, and none covers another. Graphviz is given numbers
 * only: no text of others gets into its language, or out of it.
 */
export async function layOut(boxes: readonly Box[], lines: readonly Line[]): Promise<Layout> {
  if (boxes.length === 0) return { width: 0, height: 0, centers: [] };
  // Large, and wanted for a page alone.
  const { instance } = await import('@viz-js/viz');
  const viz = await instance();
  const engine = boxes.length <= mostInRanks ? 'dot' : lines.length === 0 ? 'osage' : 'neato';
  let best: Layout | undefined;
  for (const { shortest, start } of engine === 'neato' ? tries : tries.slice(0, 1)) {
    // In a plane that is pressed flat afterwards, boxes are that much higher.
    const flattening = engine === 'neato' ? widening : 1;
    const text = viz.renderString(graphOf(boxes, lines, { flattening, shortest, start }), {
      format: 'plain',
      engine,
    });
    const layout = fitted(boxes, centersIn(text, boxes.length, flattening));
    if (best === undefined || quality(layout, boxes, lines) > quality(best, boxes, lines)) best = layout;
  }
  return best!;
}

/** The same with its boxes further apart: for what stands between them. */
export function stretched(
  { centers }: Layout,
  boxes: readonly Box[],
  factors: { readonly across: number; readonly down: number },
): Layout {
  return fitted(
    boxes,
    centers.map(({ x, y }) => ({ x: x * factors.across, y: y * factors.down })),
  );
}

/** @param shortest - from middle to middle of a line, in pixels: boxes are moved apart as far as they have to */
function graphOf(
  boxes: readonly Box[],
  lines: readonly Line[],
  { flattening, shortest, start }: { flattening: number; shortest: number; start: number },
): Graph {
  const roomOf = ({ ends: [tail, head], room }: Line) =>
    room === 0 ? shortest : room + (boxes[tail]!.width + boxes[head]!.width) / 2;
  return {
    directed: false,
    graphAttributes: {
      rankdir: 'LR',
      nodesep: 0.5,
      ranksep: Math.max(40, ...lines.map(({ room }) => room)) / pixelsPerInch,
      overlap: 'false',
      sep: '+7',
      start,
      pack: 40,
    },
    nodeAttributes: { shape: 'box', fixedsize: true, label: '' },
    nodes: boxes.map(({ width, height }, index) => ({
      name: String(index),
      attributes: { width: width / pixelsPerInch, height: (height * flattening) / pixelsPerInch },
    })),
    edges: lines.map((line) => ({
      tail: String(line.ends[0]),
      head: String(line.ends[1]),
      attributes: { len: roomOf(line) / pixelsPerInch },
    })),
  };
}

/** What Graphviz says in its format `plain`. */
function centersIn(text: string, boxes: number, flattening: number): readonly Point[] {
  const centers: Point[] = Array.from({ length: boxes }, () => ({ x: 0, y: 0 }));
  for (const line of text.split('\n')) {
    const [what, name, x, y] = line.split(' ');
    // Inches from the lower left.
    if (what === 'node')
      centers[Number(name)] = {
        x: Number(x) * pixelsPerInch,
        y: (-Number(y) * pixelsPerInch) / flattening,
      };
  }
  return centers;
}

/** By how much a picture is scaled down where it is shown, less what lines behind boxes take from it. */
function quality({ width, height, centers }: Layout, boxes: readonly Box[], lines: readonly Line[]): number {
  const scale = Math.min(1, ...places.map((place) => Math.min(place.width / width, place.height / height)));
  const hidden = lines.map(({ ends: [tail, head], isBusy }) => {
    const behind = boxes.filter(
      (box, index) =>
        index !== tail && index !== head && crosses(centers[tail]!, centers[head]!, box, centers[index]!),
    );
    return behind.length * (isBusy ? 0.04 : 0.001);
  });
  return scale - hidden.reduce((sum, each) => sum + each, 0);
}

/** Whether a line from `a` to `b` passes behind a box. */
function crosses(a: Point, b: Point, { width, height }: Box, center: Point): boolean {
  let [from, to] = [0, 1];
  for (const [start, step, low, high] of [
    [a.x, b.x - a.x, center.x - width / 2, center.x + width / 2],
    [a.y, b.y - a.y, center.y - height / 2, center.y + height / 2],
  ] as const) {
    if (step === 0) {
      if (start < low || start > high) return false;
      continue;
    }
    const [first, second] = [(low - start) / step, (high - start) / step];
    from = Math.max(from, Math.min(first, second));
    to = Math.min(to, Math.max(first, second));
  }
  return from < to;
}

function fitted(boxes: readonly Box[], centers: readonly Point[]): Layout {
  let [left, top, right, bottom] = [
    ...[Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    ...[Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY],
  ] as [number, number, number, number];
  boxes.forEach(({ width, height }, index) => {
    const { x, y } = centers[index]!;
    left = Math.min(left, x - width / 2);
    right = Math.max(right, x + width / 2);
    top = Math.min(top, y - height / 2);
    bottom = Math.max(bottom, y + height / 2);
  });
  return {
    width: Math.ceil(right - left + 2 * margin),
    height: Math.ceil(bottom - top + 2 * margin),
    centers: centers.map(({ x, y }) => ({
      x: Math.round(x - left + margin),
      y: Math.round(y - top + margin),
    })),
  };
}
