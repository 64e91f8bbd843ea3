import { type Assumption, assumption } from '../rule.js';

/** Database copies, Active Manager and the majority of a DAG; in name order. */
export const dagAssumptions: readonly Assumption[] = [
  assumption(
    'A-active-manager-answers',
    `Active Manager is asked of a member of the database's DAG that runs and can be reached: first of one
    that belongs to the majority, else of the one that was parted from it last, which knows what held
    then. If none can be reached a server goes on believing what it did, at first in the first copy.`,
    `MD-01 says that the role on each member answers; what it knows without the majority is not said.`,
  ),
  assumption(
    'A-failover-preference',
    `Of the copies whose servers run and are of the DAG's majority the one of highest preference is
    activated. The failover delay runs from when the active copy has failed and another can take over, and
    anew when that ceases in between. A holder that is back before that mounts its copy at once. What the failed
    copy had the new one has, too.`,
    `AM: how far copies lag counts, too, which the model does not follow; CAP-57 gives the delay alone.`,
  ),
  assumption(
    'A-later-move-leads',
    `Of two moves of a database that overlap, the one that began later decides: the database is dismounted
    until that one ends. A target that is down, or without
    the DAG's majority, leaves the copy where it is.`,
    `An administrator's last word; nothing is documented.`,
  ),
  assumption(
    'A-majority',
    `One group of members at most has the majority: the largest in which all see each other, with more than
    half of all votes; votes do not change with who is up. Where several groups would be as large, the
    witness votes for the one with the first member by name.`,
    `Design section 6; dynamic quorum came with Windows Server 2012 and is not in the documents.`,
  ),
  assumption(
    'A-move-before-failover',
    `A failover that falls due while a move of the database is under way waits for it, and comes at once if
    the move leaves the copy where it was.`,
    `As A-later-move-leads: an administrator's move is not interrupted. Undocumented.`,
  ),
  assumption(
    'A-refresh-on-refusal',
    `The fresh answer that a rerouted message is resolved with replaces the believed one.`,
    `Otherwise every message until the cache ages out would be refused; the setting tries it.`,
  ),
  assumption(
    'A-witness-site',
    `The witness of a DAG stands in the site of its first member, where nothing else is said, and is
    lost with the site.`,
    `Usually a file server next to the first members.`,
  ),
];
