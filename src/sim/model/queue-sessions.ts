import type { NextHopSolutionKey } from '../../routing/index.js';
import type { Settings } from './settings.js';

/** CN-11: MaxConcurrentConnections and MaxMessagesPerConnection of a Delivery Agent connector. */
const agentSessions = 5;
const agentMessagesPerSession = 20;

/** Sessions that a delivery queue of a server has at most (CAP-20, MD-03, CN-11). */
export function sessionLimit(
  { transport, mailboxTransport }: Settings,
  { deliveryType }: NextHopSolutionKey,
): number {
  switch (deliveryType) {
    case 'DeliveryAgent':
      return agentSessions;
    case 'SmtpDeliveryToMailbox':
    case 'MapiDelivery':
      return mailboxTransport.deliveriesPerDatabase;
    default:
      return transport.maxPerDomainOutboundConnections;
  }
}

/** Messages that go over one session of a delivery queue before it is closed (CAP-21, CN-11). */
export function messagesPerSession({ transport }: Settings, { deliveryType }: NextHopSolutionKey): number {
  return deliveryType === 'DeliveryAgent' ? agentMessagesPerSession : transport.smtpMaxMessagesPerConnection;
}
