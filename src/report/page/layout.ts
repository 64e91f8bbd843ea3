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

const pixelsPerInch = 96;
const margin = 24;
/** Few boxes read best in ranks; many need both dimensions. */
const mostInRanks = 7;

/**
 * Places boxes so that those with a line between them are near, and none covers another. Graphviz is given numbers
 * only: no text of others gets into its language, or out of it.
 * @param lines - pairs of boxes, by index
 * @param room - pixels between two boxes with a line, for what stands at the line
 */
export async function layOut(
  boxes: readonly Box[],
  lines: readonly (readonly [number, number])[],
  room: number,
): Promise<Layout> {
  if (boxes.length === 0) return { width: 0, height: 0, centers: [] };
  // Large, and wanted for a page alone.
  const { instance } = await import('@viz-js/viz');
  const viz = await instance();
  const graph: Graph = {
    directed: false,
    graphAttributes: {
      rankdir: 'LR',
      nodesep: 0.5,
      ranksep: room / pixelsPerInch,
      overlap: 'false',
      sep: '+16',
      start: 7,
      pack: 40,
    },
    nodeAttributes: { shape: 'box', fixedsize: true, label: '' },
    nodes: boxes.map(({ width, height }, index) => ({
      name: String(index),
      attributes: { width: width / pixelsPerInch, height: height / pixelsPerInch },
    })),
    edges: lines.map(([tail, head]) => ({
      tail: String(tail),
      head: String(head),
      attributes: { len: (room + (boxes[tail]!.width + boxes[head]!.width) / 2) / pixelsPerInch },
    })),
  };
  const engine = boxes.length <= mostInRanks ? 'dot' : lines.length === 0 ? 'osage' : 'neato';
  const text = viz.renderString(graph, { format: 'plain', engine });
  const centers: Point[] = boxes.map(() => ({ x: 0, y: 0 }));
  for (const line of text.split('\n')) {
    const [what, name, x, y] = line.split(' ');
    // Inches from the lower left.
    if (what === 'node')
      centers[Number(name)] = { x: Number(x) * pixelsPerInch, y: -Number(y) * pixelsPerInch };
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
