import type { Topology } from '../../topology/index.js';
import { findByName } from '../../topology/index.js';
import type { MessageRecipient } from '../message-recipients.js';
import type { OutcomeList } from './outcome-list.js';

/** What recipient resolution made of somebody, before any routing: RT-09, RR-02, RR-06 to RR-08, 5.1.3, 5.7.1. */
export function explainRecipient(
  list: OutcomeList,
  topology: Topology,
  server: number,
  recipient: MessageRecipient,
): void {
  const { address, resolved, expandedFrom, forwardedFrom, forwardedTo } = recipient;
  const { recipients, servers } = topology;
  const own = list.server(server);
  if (servers[server]!.isEdge && resolved.kind !== 'ndr') {
    list.decided('RT-56', 'destination', `Edge ${own} has no directory: ${address} goes by its domain`);
    return;
  }
  if (expandedFrom !== undefined) {
    list.decided('RR-02', 'destination', `${own} expands ${expandedFrom}, of which ${address} is a member`);
  }
  if (forwardedFrom !== undefined) {
    list.decided('RR-07', 'destination', `${forwardedFrom} keeps the message and forwards it to ${address}`);
  }
  if (forwardedTo !== undefined) {
    list.decided('RR-07', 'destination', `mail for ${address} goes to ${forwardedTo} instead`);
  }
  const asked = recipients.find(address.replace(/^smtp:/i, ''));
  const isContact = asked !== -1 && recipients.kind(asked) === 'contact';
  const leadsTo = (contact: number, target: string) =>
    list.decided('RR-07', 'destination', `${recipients.addresses[contact]} stands for ${target}`);
  switch (resolved.kind) {
    case 'ndr': {
      const { ndr } = resolved;
      list.decided(ndr.rule, 'destination', `${resolved.address} is returned: ${ndr.text}`);
      return;
    }
    case 'distribution-group': {
      if (isContact) leadsTo(asked, recipients.addresses[resolved.recipient]!);
      const expander = list.server(resolved.expansionServer);
      const text = `${recipients.addresses[resolved.recipient]} is expanded on ${expander}, not here`;
      list.decided('RR-02', 'destination', text);
      return;
    }
    case 'outside': {
      // Of a chain of contacts the first is named: the one that was asked for.
      const contact = isContact ? asked : resolved.recipient;
      if (contact !== -1) leadsTo(contact, resolved.address);
      if (resolved.type !== 'SMTP') return;
      const { acceptedDomains } = topology;
      const accepted = acceptedDomains[findByName(acceptedDomains, resolved.domain)];
      if (accepted === undefined) {
        const text = `${resolved.domain} is none of the accepted domains: a connector takes it`;
        list.considered('RR-08', 'destination', text);
      } else {
        const text = `${resolved.domain} is ${accepted.type.replace('-', ' ')}: nobody here has the address, so a connector takes it`;
        list.decided('RR-08', 'destination', text);
      }
      return;
    }
    case 'mailbox':
      if (isContact && forwardedTo === undefined) leadsTo(asked, recipients.addresses[resolved.recipient]!);
      return;
  }
}
