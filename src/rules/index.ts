export { assumptions } from './assumptions.js';
export { findAssumption, findRule, ruleSections, rules } from './catalogue.js';
export type { Assumption, Rule, RuleSection, RuleState } from './rule.js';
