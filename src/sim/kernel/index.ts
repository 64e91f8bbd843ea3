export { type EventHandle, type EventKind, type FutureEventList, noEvent } from './future-event-list.js';
export { InvariantError, invariant } from './invariant.js';
export { Simulation, type SimulationOptions, tickMs } from './simulation.js';
