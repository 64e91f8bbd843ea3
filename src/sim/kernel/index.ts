export { type Discipline, fifo, lifo, nonPreemptivePriority, type WaitingLine } from './disciplines.js';
export {
  type Distribution,
  deterministic,
  discrete,
  exponential,
  lognormalByCv,
  lognormalByQuantile,
  logUniformClasses,
  uniform,
} from './distributions.js';
export { createEventList, type EventListKind, eventListKinds } from './event-list-kinds.js';
export { type EventHandle, type EventKind, type FutureEventList, noEvent } from './future-event-list.js';
export { InvariantError, invariant } from './invariant.js';
export {
  type CounterStream,
  counterStream,
  type RandomStream,
  randomStreams,
} from './random-streams.js';
export { Simulation, type SimulationOptions, tickMs } from './simulation.js';
export { Station, type StationOptions } from './station.js';
