/** What may differ between machines: `engine.json` (design section 8). */
export function engineFacts(
  ran: { readonly events: number; readonly wallMs: number; readonly workers: number },
  delivered: number,
  loadMs: number,
) {
  const { events, wallMs, workers } = ran;
  const seconds = Math.max(wallMs, 0.001) / 1_000;
  return {
    mailflow: 'engine/1',
    wallMs,
    loadMs,
    events,
    eventsPerSecond: events / seconds,
    deliveriesPerSecond: delivered / seconds,
    peakRssBytes: process.resourceUsage().maxRSS * 1_024,
    workers,
    node: process.version,
  };
}
