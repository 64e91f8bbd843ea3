import { type DecodedOrganization, decodeOrganizationSource } from './decode-organization.js';
import { type DecodedScenario, type DecodeScenarioOptions, decodeScenarioSource } from './decode-scenario.js';
import { inputKindOf } from './input-kind.js';
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
  return inputKindOf(source.value) === 'scenario'
    ? { kind: 'scenario', ...decodeScenarioSource(source, file, options) }
    : { kind: 'organization', organization: decodeOrganizationSource(source, file) };
}
