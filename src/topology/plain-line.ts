/**
 * Names and other text of others as one line for a terminal: what would move the cursor, change colours, break or
 * reorder the line (control and format characters, line separators, half characters) is shown as U+FFFD.
 */
export function plainLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '\u{fffd}');
}
