import type { Box, Point } from './layout.js';

/** What stands at a line from `from` to `to`; both are the same for what stands at a point. */
export interface Label extends Box {
  readonly from: Point;
  readonly to: Point;
}

export interface LabelPlaces {
  readonly centers: readonly Point[];
  /** Square pixels of labels that cover something or are not in the picture. */
  readonly covered: number;
}

/** A box by its middle. */
export interface PlacedBox extends Box {
  readonly center: Point;
}

/** Parts of a line, the middle first, then by turns to both sides. */
const parts = Array.from(
  { length: 91 },
  (_, index) => 0.5 + (index % 2 === 0 ? -1 : 1) * Math.ceil(index / 2) * 0.01,
);

/** Heights of a label that it goes aside where there is no place at the line itself. */
const steps = [0.6, -0.6, 1.2, -1.2, 1.8, -1.8];

/**
 * The middles of labels, in their order: at their lines, as near to the middle as can be, where they cover no box and no
 * label before them and stay in the picture. Where a line has no such place the label goes beside it, and where there is
 * no room at all, to where it covers the least.
 */
export function placeLabels(
  labels: readonly Label[],
  boxes: readonly PlacedBox[],
  picture: Box,
): LabelPlaces {
  const taken = [...boxes];
  let all = 0;
  const centers = labels.map((label) => {
    let best = { center: label.from, covered: Number.POSITIVE_INFINITY };
    for (const center of candidates(label)) {
      const box = { width: label.width, height: label.height, center };
      const covered = taken.reduce((sum, other) => sum + commonArea(box, other), 0) + outside(box, picture);
      if (covered < best.covered) best = { center, covered };
      if (covered === 0) break;
    }
    taken.push({ width: label.width, height: label.height, center: best.center });
    all += best.covered;
    return best.center;
  });
  return { centers, covered: all };
}

function* candidates({ from, to, width, height }: Label): Generator<Point> {
  const at = (part: number, right: number, down: number): Point => ({
    x: Math.round(from.x + (to.x - from.x) * part + right),
    y: Math.round(from.y + (to.y - from.y) * part + down),
  });
  const along = from.x === to.x && from.y === to.y ? [0] : parts;
  for (const part of along) yield at(part, 0, 0);
  for (const step of steps) for (const part of along) yield at(part, 0, step * height);
  for (const step of steps) for (const part of along) yield at(part, step * width, 0);
}

function commonArea(a: PlacedBox, b: PlacedBox): number {
  const common = (wide: number, other: number, distance: number) =>
    Math.max(0, Math.min(wide, other, (wide + other) / 2 - Math.abs(distance)));
  return (
    common(a.width, b.width, a.center.x - b.center.x) * common(a.height, b.height, a.center.y - b.center.y)
  );
}

/** How much of a box is not in the picture. */
function outside(box: PlacedBox, { width, height }: Box): number {
  const inside = commonArea(box, { width, height, center: { x: width / 2, y: height / 2 } });
  return box.width * box.height - inside;
}
