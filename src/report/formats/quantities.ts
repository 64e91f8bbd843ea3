/** A span of time for people: the two largest units that it has, or three digits of the only one. */
export function formatSpan(ms: number): string {
  if (ms < 999.5) return `${threeDigits(ms)} ms`;
  if (ms < 59_950) return `${threeDigits(ms / 1_000)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 3_600) return twoUnits(seconds, 60, 'min', 's');
  const minutes = Math.round(ms / 60_000);
  if (minutes < 24 * 60) return twoUnits(minutes, 60, 'h', 'min');
  return twoUnits(Math.round(ms / 3_600_000), 24, 'd', 'h');
}

function twoUnits(amount: number, size: number, unit: string, smallUnit: string): string {
  const small = amount % size;
  return `${Math.floor(amount / size)} ${unit}${small === 0 ? '' : ` ${small} ${smallUnit}`}`;
}

/** A whole number with its thousands apart: `87,232`. */
export function formatCount(count: number): string {
  return String(Math.round(count)).replace(thousands, ',');
}

const thousands = /\B(?=(\d{3})+$)/g;

/** So many of something whose plural has an s: `1 route`, `87,232 routes`. */
export function formatCounted(count: number, what: string): string {
  return `${formatCount(count)} ${what}${count === 1 ? '' : 's'}`;
}

/** Three digits, or all of a larger number: `0.012`, `3.98`, `106`, `12,345`; never with an exponent. */
export function threeDigits(value: number): string {
  if (value === 0) return '0';
  if (Math.abs(value) >= 999.5) return formatCount(value);
  if (Math.abs(value) < 1e-6) return value < 0 ? '> -0.000001' : '< 0.000001';
  return String(Number(value.toPrecision(3)));
}

/** A size for people, with 1 KB = 1024 B: `4.97 MB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return `${threeDigits(bytes / 1_024 ** power)} ${units[power]}`;
}

/** A rate for people, with 1 kbit = 1000 bit: `3.74 Mbit/s`. */
export function formatBitRate(bitsPerSecond: number): string {
  const units = ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s', 'Tbit/s'];
  const power = units.findLastIndex((_, index) => bitsPerSecond >= 999.5 * 1_000 ** (index - 1));
  return `${threeDigits(bitsPerSecond / 1_000 ** Math.max(0, power))} ${units[Math.max(0, power)]}`;
}

/** A share from 0 to 1 as a percentage, to a tenth below 10 %: `3.4 %`, `94 %`, `< 0.1 %`. */
export function formatShare(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.1) return '< 0.1 %';
  return `${percent === 0 || percent >= 9.95 ? formatCount(percent) : percent.toFixed(1)} %`;
}

/** The figure of a metric, or a difference of two: times, which are ms, as spans. */
export function formatFigure(metric: string, value: number): string {
  if (!isTime(metric)) return threeDigits(value);
  return value < 0 ? `-${formatSpan(-value)}` : formatSpan(value);
}

/**
 * The limit of a threshold, for people: as the scenario has it, with its thousands apart, and behind a time that its figure is
 * not written like, how that would be: `below 7,250 s (2 h 1 min)`.
 */
export function formatLimit(metric: string, limit: string): string {
  const [, relation, whole, rest = '', unit = ''] =
    /^([a-z-]+) (\d+)(\.\d+)?(?: ([a-z]+))?$/i.exec(limit) ?? [];
  if (relation === undefined) return plainText(limit);
  const written = `${whole!.replace(thousands, ',')}${rest}${unit === '' ? '' : ` ${unit}`}`;
  const value = Number(`${whole}${rest}`);
  const ms = value * (unitFactors.get(unit) ?? 0);
  const shown = isTime(metric) && ms > 0 ? formatSpan(ms) : written;
  return `${relation} ${written}${shown === written ? '' : ` (${shown})`}`;
}

const isTime = (metric: string) => /Ms$|\.byStage\./.test(metric);

/** To ms. */
const unitFactors: ReadonlyMap<string, number> = new Map([
  ...([
    ['', 1],
    ['ms', 1],
    ['s', 1_000],
    ['min', 60_000],
    ['h', 3_600_000],
    ['d', 86_400_000],
  ] as const),
]);

/** Text of others in one line: what would break or reorder the line is shown as U+FFFD. */
export function plainText(text: string, longest = 60): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '\u{fffd}');
  return plain.length > longest ? `${plain.slice(0, longest - 1)}…` : plain;
}
