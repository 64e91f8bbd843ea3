const share = Number(process.env['MAILFLOW_SHARE'] ?? 1);

/** Whether everything is drawn, so that a census may ask for everything. */
export const isWhole = share === 1;

/** How many random cases a test has: all, or as large a share of them as the run asks for. */
export function shareOf(count: number): number {
  return Math.ceil(count * share);
}
