/** What every command takes. */
export const commonOptions = {
  json: { type: 'boolean', describe: 'one JSON document on standard output, also on error' },
  quiet: { type: 'boolean', describe: 'no progress and no prose beside the answer' },
  color: { type: 'boolean', default: true, describe: 'colours; --no-color for none' },
  root: { type: 'string', requiresArg: true, describe: 'the folder that paths inside files stay under' },
} as const;

/** What they come to. */
export interface CommonArguments {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly color?: boolean;
  readonly root?: string;
  readonly [name: string]: unknown;
}
