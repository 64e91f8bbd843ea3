import { compileRoutingTables } from '../../src/routing/index.js';
import { openModelContext, type TransportModelOptions } from '../../src/sim/model/open-model-context.js';
import { buildTopology } from '../../src/topology/index.js';
import { silent } from './silent-observer.js';

type Given = Pick<TransportModelOptions, 'simulation' | 'organization' | 'settings' | 'serviceDraws'>;

/** What the components of a model work with, without the model: for tests of a component by itself. */
export function bareContext({ observer = silent, ...given }: Given & Partial<TransportModelOptions>) {
  return openModelContext({
    tables: compileRoutingTables(buildTopology(given.organization)),
    compile: compileRoutingTables,
    settingsOf: () => given.settings,
    observer,
    ...given,
  });
}
