import { duration, timePoint } from '../schema/leaves.js';

/** `at` and `for` of a fault that lasts. */
export const spanFields = { at: timePoint, for: duration(1).optional() };

/** `at` alone, of a fault whose length lies in its nature. */
export const momentFields = { at: timePoint };
