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
  /** Pixels between the two, for what stands at the line; 0: nothing does, the nearer the better. */
  readonly room: number;
}

const pixelsPerInch = 96;
const margin = 24;
/** From middle to middle: boxes are moved apart as far as they have to. */
const shortest = 30;
/** Pictures of many boxes are wider than high, as windows and sheets across are, by about so much. */
const widening = 1.6;
/** Few boxes read best in ranks; many need both dimensions. */
const mostInRanks = 7;

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
  // In a plane that is pressed flat afterwards, boxes are that much higher.
  const flattening = engine === 'neato' ? widening : 1;
  const graph: Graph = {
    directed: false,
    graphAttributes: {
      rankdir: 'LR',
      nodesep: 0.5,
      ranksep: Math.max(40, ...lines.map(({ room }) => room)) / pixelsPerInch,
      overlap: 'false',
      sep: '+8',
      start: 7,
      pack: 40,
    },
    nodeAttributes: { shape: 'box', fixedsize: true, label: '' },
    nodes: boxes.map(({ width, height }, index) => ({
      name: String(index),
      attributes: { width: width / pixelsPerInch, height: (height * flattening) / pixelsPerInch },
    })),
    edges: lines.map(({ ends: [tail, head], room }) => ({
      tail: String(tail),
      head: String(head),
      attributes: {
        len: (room === 0 ? shortest : room + (boxes[tail]!.width + boxes[head]!.width) / 2) / pixelsPerInch,
      },
    })),
  };
  const text = viz.renderString(graph, { format: 'plain', engine });
  const centers: Point[] = boxes.map(() => ({ x: 0, y: 0 }));
  for (const line of text.split('\n')) {
    const [what, name, x, y] = line.split(' ');
    // Inches from the lower left.
    if (what === 'node')
      centers[Number(name)] = { x: Number(x) * pixelsPerInch, y: (-Number(y) * pixelsPerInch) / flattening };
  }
  return fitted(boxes, centers);
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
