import type { Suite } from '../suite.js';
import { failuresLarge } from './answers-failures.js';
import { cliHelp } from './cli-help.js';
import {
  growth10Servers,
  growth1000Servers,
  memoryMessageInFlight,
  memoryMessageInFlightShadowed,
  memoryMessageToFourShadowed,
  memorySafetyNetRetained,
} from './growth.js';
import { kernelGuardTimers } from './kernel-guard-timers.js';
import { kernelHold100000 } from './kernel-hold.js';
import { kernelMm1 } from './kernel-mm1.js';
import { kernelTandem } from './kernel-tandem.js';
import { kernelTimeouts } from './kernel-timeouts.js';
import { measureHistogram, measureObservation, measureTimeWeighted } from './measure-observation.js';
import { modelLargeDay } from './model-large-day.js';
import { modelSmallDay } from './model-small-day.js';
import { routeCategorize500 } from './route-categorize.js';
import { routeCompile1000Sites, routeCompileLarge } from './route-compile.js';
import { routeFrontEndSelection } from './route-front-end-selection.js';
import { routeLookup1000Sites, routeLookupLarge } from './route-lookup.js';

/** All benchmarks by name, in the order in which they run. Names are kept: their histories hang on them. */
export const suites = {
  'kernel/mm1': kernelMm1,
  'kernel/tandem': kernelTandem,
  'kernel/hold-100000': kernelHold100000,
  'kernel/timeouts': kernelTimeouts,
  'kernel/guard-timers': kernelGuardTimers,
  'measure/observation': measureObservation,
  'measure/histogram': measureHistogram,
  'measure/time-weighted': measureTimeWeighted,
  'model/small-day': modelSmallDay,
  'model/large-day': modelLargeDay,
  'growth/10-servers': growth10Servers,
  'growth/1000-servers': growth1000Servers,
  'memory/message-in-flight': memoryMessageInFlight,
  'memory/message-in-flight-shadowed': memoryMessageInFlightShadowed,
  'memory/message-to-four-shadowed': memoryMessageToFourShadowed,
  'memory/safety-net-retained': memorySafetyNetRetained,
  'route/lookup-large': routeLookupLarge,
  'route/lookup-1000-sites': routeLookup1000Sites,
  'route/compile-large': routeCompileLarge,
  'route/compile-1000-sites': routeCompile1000Sites,
  'route/front-end-selection': routeFrontEndSelection,
  'route/categorize-500-recipients': routeCategorize500,
  'answers/failures-large': failuresLarge,
  'cli/help': cliHelp,
} as const satisfies Record<string, Suite>;
