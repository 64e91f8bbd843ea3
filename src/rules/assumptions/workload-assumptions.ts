import { type Assumption, assumption } from '../rule.js';

/** The load, and how long a run lasts; in name order. */
export const workloadAssumptions: readonly Assumption[] = [
  assumption(
    'A-drain-limit',
    `\`drain: until-empty\` ends at the latest 7 days after the last new mail.`,
    `Mail expires after 2 days, its notification after 2 more; an outbox whose server never returns would
    wait for ever.`,
  ),
  assumption(
    'A-offered-load',
    `\`check\` reckons the load of the workloads against capacity with everything up, every database on its first copy
    and no retries; of mail that is drawn, the first recipient chooses the Transport service; a
    session carries as many messages as it may, and has the links on its way to itself.`,
    `The utilization law needs means alone; RT-48 looks at 20 recipients, but four messages in five have one (WL-05).
    Where queues grow, connections are full.`,
  ),
  assumption(
    'A-reply-times',
    `Those who reply to all do so at times spread evenly over the span, counted from the first message, whenever it
    reached them.`,
    `So the load is the same whatever happens to the first message, and runs can be compared (WL-14).`,
  ),
  assumption(
    'A-smallest-message',
    `The smallest typical message has 512 bytes.`,
    `WL-07 gives only upper bounds; headers alone are about that.`,
  ),
  assumption(
    'A-two-humps',
    `The two-humps day weighs 1.6 from 9 to 11 and 14 to 16, 0.5 from 12 to 14, 0.8 in other office hours,
    0.12 at night.`,
    `WL-03 names the shape, not the figures.`,
  ),
];
