import { leftOut, modelled, type Rule } from './rule.js';
import { setupReadiness } from './sources.js';

const source = setupReadiness('ServerIsSourceForSendConnector');

/** SR-01 to SR-10: what Setup would refuse or warn of. */
export const readinessRules: readonly Rule[] = [
  modelled(
    'SR-01',
    source,
    `Setup does not remove Hub Transport from a server that is a source of one or more Send connectors. It
    stops: this is no warning.`,
  ),
  modelled(
    'SR-02',
    source,
    `A Send connector is the way out for mail. All those that name the server as a source are to be moved to
    another source or deleted; then Setup is run again.`,
  ),
  modelled(
    'SR-03',
    source,
    `In Exchange 2013 a Mailbox server cannot be removed while it is a source of any explicit Send
    connector, even if there are further sources, and even if an Edge subscription made the connector.`,
    `Our reading of a rule written for 2007: the connector that servers use among themselves does not count
    (RT-58).`,
  ),
  modelled(
    'SR-04',
    setupReadiness('ServerIsGroupExpansionServer'),
    `A server that expands a distribution group cannot be removed.`,
    `Dynamic groups are left out: an organization file cannot say them.`,
  ),
  leftOut(
    'SR-05',
    setupReadiness('MessagesInQueue'),
    `Setup warns before it removes the transport role of a server with mail in its queues, which may be
    stranded.`,
    `An organization file cannot say what queues hold; \`check --remove-server\` asks to look.`,
  ),
  modelled(
    'SR-06',
    setupReadiness('BridgeheadRoleNotPresentInSite'),
    `Setup warns of mailboxes in a site without a transport server of their version: people can log on, mail
    does not flow.`,
  ),
  modelled(
    'SR-07',
    setupReadiness('InvalidADSite'),
    `Setup goes on only on a server that belongs to a valid Active Directory site.`,
  ),
  leftOut(
    'SR-08',
    setupReadiness('SMTPSvcInstalled'),
    `The SMTP service of Windows must not be installed on a server with Exchange.`,
    `An organization file cannot say what is installed; \`check --remove-server\` asks to look.`,
  ),
  leftOut(
    'SR-09',
    setupReadiness('ServerFQDNMatchesSMTPPolicy'),
    `The full name of a server must not equal a domain of an e-mail address policy.`,
    `An organization file has no address policies; \`check --remove-server\` asks to look.`,
  ),
  modelled(
    'SR-10',
    setupReadiness('on service packs and user mailboxes'),
    `A Mailbox server cannot be removed while it holds user mailboxes. Exchange 2013 asks that all 2010
    servers, Edges included, have Service Pack 3, after which Edge subscriptions are made anew.`,
    `Service packs are left out: an organization file cannot say them.`,
  ),
];
