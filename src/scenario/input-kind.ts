const keysOfScenarios = ['duration', 'workloads', 'faults', 'thresholds', 'seed'];

/**
 * Which kind of file a value comes from: a scenario says `mailflow: 1`. One that forgot it is told so if nothing else
 * about it looks like an organization; what looks like neither is taken for an organization.
 */
export function inputKindOf(value: unknown): 'organization' | 'scenario' {
  if (typeof value !== 'object' || value === null) return 'organization';
  if (Object.hasOwn(value, 'mailflow')) return 'scenario';
  if (looksLikeOrganization(value)) return 'organization';
  return keysOfScenarios.some((key) => Object.hasOwn(value, key)) ? 'scenario' : 'organization';
}

/** Has what only an organization has, and does not say that it is a scenario. */
export function looksLikeOrganization(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Object.hasOwn(value, 'mailflow')) return false;
  return Object.hasOwn(value, 'sites') || Object.hasOwn(value, 'servers');
}
