import { type DecodedOrganization, decodeOrganizationSource } from './decode-organization.js';
import { type DecodedScenario, type DecodeScenarioOptions, decodeScenarioSource } from './decode-scenario.js';
import { readYaml } from './source/yaml-source.js';

/** What an input file turned out to be. */
export type DecodedInput =
  | { readonly kind: 'organization'; readonly organization: DecodedOrganization }
  | ({ readonly kind: 'scenario' } & DecodedScenario);

/**
 * Decodes a file of either kind: a scenario says `mailflow: 1`.
 * @throws ScenarioError with every problem
 */
export function decodeInput(
  content: Uint8Array | string,
  file: string,
  options: DecodeScenarioOptions,
): DecodedInput {
  const source = readYaml(content);
  return isScenario(source.value)
    ? { kind: 'scenario', ...decodeScenarioSource(source, file, options) }
    : { kind: 'organization', organization: decodeOrganizationSource(source, file) };
}

const keysOfScenarios = ['duration', 'workloads', 'faults', 'thresholds', 'seed'];

/** A file that forgot its `mailflow` is told so if nothing else about it looks like an organization. */
function isScenario(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Object.hasOwn(value, 'mailflow')) return true;
  if (Object.hasOwn(value, 'sites') || Object.hasOwn(value, 'servers')) return false;
  return keysOfScenarios.some((key) => Object.hasOwn(value, key));
}
