import { assumptions } from './assumptions.js';
import { conflictChoices, undocumentedChoices } from './choices.js';
import { connectorRules } from './connector-rules.js';
import { edgeSubscriptionRules, versionRules } from './edge-rules.js';
import { figures } from './figures.js';
import { limitRules, logRules } from './limit-rules.js';
import { activeManagerRules, mailboxDeliveryRules, notificationRules } from './notification-rules.js';
import { backPressureRules, safetyNetRules, shadowRules } from './protection-rules.js';
import { pipelineRules, queueRules, retryRules } from './queue-rules.js';
import { readinessRules } from './readiness-rules.js';
import { recipientRules } from './recipient-rules.js';
import { routingConcepts } from './routing-concepts.js';
import { routingPaths, routingServices } from './routing-paths.js';
import type { Assumption, Rule, RuleSection } from './rule.js';
import { siteRules } from './site-rules.js';
import { fieldComplaints, workedExamples } from './worked-examples.js';

const section = (title: string, ...parts: readonly (readonly Rule[])[]): RuleSection => ({
  title,
  rules: parts.flat(),
});

/** The rules by section, sections and rules in the order of the reference that numbers them. */
export const ruleSections: readonly RuleSection[] = [
  section('Mail routing', routingConcepts, routingPaths, routingServices),
  section('Setup readiness', readinessRules),
  section('Sites and site links', siteRules),
  section('Connectors', connectorRules),
  section('Recipient resolution', recipientRules),
  section('The pipeline', pipelineRules),
  section('Queues', queueRules),
  section('Retry, resubmission, expiry', retryRules),
  section('Status codes and notifications', notificationRules),
  section('Delivery to mailboxes', mailboxDeliveryRules),
  section('Shadow redundancy', shadowRules),
  section('Safety Net', safetyNetRules),
  section('Back pressure', backPressureRules),
  section('Limits', limitRules),
  section('Logs and counters', logRules),
  section('Edge subscriptions', edgeSubscriptionRules),
  section('Versions side by side', versionRules),
  section('DAGs and Active Manager', activeManagerRules),
  section('Where documents disagree', conflictChoices),
  section('Where nothing is documented', undocumentedChoices),
  section('Complaints from the field', fieldComplaints),
  section('Worked examples', workedExamples),
  section('Figures, workloads and questions', figures),
];

/** Every rule, in the order of the reference that numbers them. */
export const rules: readonly Rule[] = ruleSections.flatMap((each) => each.rules);

const byId = new Map(rules.map((rule) => [rule.id, rule]));
const assumptionsById = new Map(assumptions.map((each) => [each.id.toUpperCase(), each]));

/** The rule of an id, in whatever case it is written; undefined if there is none. */
export function findRule(id: string): Rule | undefined {
  return byId.get(id.toUpperCase());
}

/** The assumption of an id, in whatever case it is written; undefined if there is none. */
export function findAssumption(id: string): Assumption | undefined {
  return assumptionsById.get(id.toUpperCase());
}
