/** A curve with a logarithmic x axis. */
export interface Panel {
  readonly title: string;
  readonly xLabel: string;
  /** In ascending order of x, which is above 0. */
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** What y is held against, from one x to another; drawn as a band. */
  readonly band?: {
    readonly fromX: number;
    readonly toX: number;
    readonly low: number;
    readonly high: number;
  };
}

const width = 420;
const height = 300;
const margin = { left: 60, right: 20, top: 40, bottom: 50 };

/**
 * Panels side by side as an SVG: points joined by lines over powers of ten, y from 0.
 * @param yLabel - of all panels
 * @param caption - a line below
 */
export function plotPanels(panels: readonly Panel[], yLabel: string, caption: string): string {
  const full = width * panels.length;
  const drawn = panels.map(
    (panel, index) => `<g transform="translate(${index * width} 0)">\n${drawPanel(panel, yLabel)}</g>\n`,
  );
  const titles = panels.map(({ title }) => title).join(', ');
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${full} ${height + 30}" width="${full}" height="${height + 30}" ` +
    `font-family="sans-serif" font-size="12" role="img" aria-label="${escaped(`${yLabel}: ${titles}`)}">\n` +
    `<rect width="${full}" height="${height + 30}" fill="white"/>\n${drawn.join('')}` +
    `${text(full / 2, height + 18, 'middle', caption)}</svg>\n`
  );
}

function drawPanel({ title, xLabel, points, band }: Panel, yLabel: string): string {
  const firstPower = Math.floor(Math.log10(points[0]!.x));
  const lastPower = Math.max(firstPower + 1, Math.ceil(Math.log10(points.at(-1)!.x) - 1e-9));
  const step = niceStep(Math.max(band?.high ?? 0, ...points.map(({ y }) => y)));
  const top = step * Math.ceil(Math.max(band?.high ?? 0, ...points.map(({ y }) => y)) / step);
  const xOf = (x: number) =>
    margin.left +
    ((Math.log10(x) - firstPower) / (lastPower - firstPower)) * (width - margin.left - margin.right);
  const yOf = (y: number) => height - margin.bottom - (y / top) * (height - margin.top - margin.bottom);
  const parts: string[] = [];
  if (band !== undefined) {
    const [x, y] = [xOf(band.fromX), yOf(band.high)];
    parts.push(
      `<rect x="${fixed(x)}" y="${fixed(y)}" width="${fixed(xOf(band.toX) - x)}" height="${fixed(yOf(band.low) - y)}" ` +
        'fill="#e4eef8"/>\n',
    );
  }
  for (let y = 0; y <= top * (1 + 1e-9); y += step) {
    parts.push(line(margin.left, yOf(y), width - margin.right, yOf(y), '#ddd'));
    parts.push(text(margin.left - 6, yOf(y) + 4, 'end', shortly(y)));
  }
  for (let power = firstPower; power <= lastPower; power++) {
    parts.push(line(xOf(10 ** power), margin.top, xOf(10 ** power), height - margin.bottom, '#ddd'));
    parts.push(text(xOf(10 ** power), height - margin.bottom + 16, 'middle', shortly(10 ** power)));
  }
  const places = points.map(({ x, y }) => [fixed(xOf(x)), fixed(yOf(y))] as const);
  parts.push(
    `<polyline points="${places.map((place) => place.join(',')).join(' ')}" fill="none" stroke="#1f5fa8" stroke-width="2"/>\n`,
  );
  for (const [x, y] of places) parts.push(`<circle cx="${x}" cy="${y}" r="4" fill="#1f5fa8"/>\n`);
  parts.push(text(width / 2, 20, 'middle', title));
  parts.push(text((margin.left + width - margin.right) / 2, height - 12, 'middle', xLabel));
  parts.push(
    `<text transform="translate(14 ${height / 2}) rotate(-90)" text-anchor="middle">${escaped(yLabel)}</text>\n`,
  );
  return parts.join('');
}

/** The largest of 1, 2 and 5 times a power of ten that makes four steps or more up to `top`. */
function niceStep(top: number): number {
  const power = 10 ** Math.floor(Math.log10(top));
  return [power / 2, power / 5, power / 10].find((step) => top / step >= 4) ?? power / 10;
}

/** 1500 as `1.5k`, 2e6 as `2M`. */
function shortly(value: number): string {
  if (value >= 1e6) return `${Number((value / 1e6).toPrecision(3))}M`;
  return value >= 1e3 ? `${Number((value / 1e3).toPrecision(3))}k` : `${Number(value.toPrecision(3))}`;
}

function line(x1: number, y1: number, x2: number, y2: number, stroke: string): string {
  return `<line x1="${fixed(x1)}" y1="${fixed(y1)}" x2="${fixed(x2)}" y2="${fixed(y2)}" stroke="${stroke}"/>\n`;
}

function text(x: number, y: number, anchor: string, content: string): string {
  return `<text x="${fixed(x)}" y="${fixed(y)}" text-anchor="${anchor}">${escaped(content)}</text>\n`;
}

function fixed(value: number): string {
  return value.toFixed(1);
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
