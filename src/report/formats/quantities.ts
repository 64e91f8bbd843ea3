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
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** So many of something whose plural has an s: `1 route`, `87,232 routes`. */
export function formatCounted(count: number, what: string): string {
  return `${formatCount(count)} ${what}${count === 1 ? '' : 's'}`;
}

/** Three digits, or all of a larger number: `0.012`, `3.98`, `106`, `12,345`. */
export function threeDigits(value: number): string {
  if (value === 0) return '0';
  if (Math.abs(value) >= 999.5) return formatCount(value);
  return String(Number(value.toPrecision(3)));
}

/** A size for people, with 1 KB = 1024 B: `4.97 MB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return `${threeDigits(bytes / 1_024 ** power)} ${units[power]}`;
}

/** A share from 0 to 1 as a percentage: `3.4 %`. */
export function formatShare(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}

/** The figure of a metric, or a difference of two: times, which are ms, as spans. */
export function formatFigure(metric: string, value: number): string {
  if (!/Ms$|\.byStage\./.test(metric)) return threeDigits(value);
  return value < 0 ? `-${formatSpan(-value)}` : formatSpan(value);
}

/** Text of others in one line: what would break or reorder the line is shown as U+FFFD. */
export function plainText(text: string, longest = 60): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '\u{fffd}');
  return plain.length > longest ? `${plain.slice(0, longest - 1)}…` : plain;
}
