/** Wall time between two looks at signals and clocks, and two calls of `onProgress`. */
export const breathEveryMs = 200;

/** Lets signals in: they come while the event loop goes round once. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

/** What is left of a run at its pace so far; null while nothing can be said. */
export function leftMs(shareDone: number, wallMs: number): number | null {
  return shareDone > 0.01 && shareDone < 1 ? (wallMs * (1 - shareDone)) / shareDone : null;
}
