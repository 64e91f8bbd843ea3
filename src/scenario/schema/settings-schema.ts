import { z } from 'zod';
import {
  type ServiceDistribution,
  type SettingDefinition,
  type SettingOverrides,
  settingDefinitions,
} from '../../sim/model/index.js';
import { choice, count, countLimit, duration, flag, positive, share, size, sizeLimit } from './leaves.js';
import { notYetSimulated, strictObject } from './objects.js';

/** `hardware.distribution`. */
const distribution = z
  .union(
    [
      choice('exponential', 'deterministic'),
      strictObject({ lognormal: strictObject({ cv: positive(100) }) }),
    ],
    { error: 'expected `exponential`, `deterministic` or `{ lognormal: { cv: 1 } }`' },
  )
  .transform(
    (value): ServiceDistribution =>
      typeof value === 'string' ? { kind: value } : { kind: 'lognormal', cv: value.lognormal.cv },
  );

function settingSchema(path: string, definition: SettingDefinition): z.ZodType {
  const value = valueSchema(definition).meta({ description: definition.meaning });
  const later = definition.notYetBuilt;
  return later === undefined ? value : notYetSimulated(value, path, later);
}

function valueSchema(definition: SettingDefinition): z.ZodType {
  const { unit, range, choices } = definition;
  const [smallest, largest] = range ?? [0, Number.MAX_SAFE_INTEGER];
  // What is unlimited by one default can be said to be so where another one holds: of 2013, of 2016, or of an Edge.
  const isUnlimited = [definition.default, definition.default2016].includes(Number.POSITIVE_INFINITY);
  switch (unit) {
    case 'duration':
      return duration(smallest, largest);
    case 'size':
      return isUnlimited ? sizeLimit(smallest) : size(smallest, largest);
    case 'count':
      return isUnlimited ? countLimit(smallest, largest) : count(smallest, largest);
    case 'fraction':
      return share;
    case 'flag':
      return flag;
    case 'choice':
      return choice(...((choices ?? ['']) as [string, ...string[]]));
    case 'distribution':
      return distribution;
  }
}

/** Hardware that a server has rather than a setting: beside its `settings`. */
const refusedInGroups: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  hardware: Object.fromEntries(
    ['cores', 'memory', 'queueDisk', 'queueDiskUsed'].map((key) => [
      key,
      `\`${key}\` stands at the server, beside its \`name\`: it is no setting`,
    ]),
  ),
};

function groupSchema(group: string, definitions: Readonly<Record<string, SettingDefinition>>) {
  return strictObject(
    Object.fromEntries(
      Object.entries(definitions).map(([name, definition]) => [
        name,
        settingSchema(`${group}.${name}`, definition).optional(),
      ]),
    ),
    refusedInGroups[group],
  );
}

const groups = Object.fromEntries(
  Object.entries(settingDefinitions).map(([group, definitions]) => [
    group,
    groupSchema(group, definitions).optional(),
  ]),
);

/** `settings` of an organization or scenario (design 4.3): by group and name, units converted. */
export const settingsSchema = strictObject(groups).transform(withoutGaps);

const { outside: _, ...groupsOfAServer } = groups;

/** `settings` of one server: all but those of the outside world, which is not the server's. */
export const serverSettingsSchema = strictObject(groupsOfAServer, {
  outside:
    "`outside` holds for the whole organization: set it in the organization's or the scenario's `settings`",
}).transform(withoutGaps);

function withoutGaps(value: unknown): SettingOverrides {
  return value as SettingOverrides;
}
