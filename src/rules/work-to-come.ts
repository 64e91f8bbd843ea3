/** Why rules are left out: the parts of the simulator that they come with. */

export const trackingLogs = 'comes with the import and export of message tracking logs';
