/**
 * Is it worth a third site to put the witness of a DAG there?
 *
 * A program that asks as a planner would: it takes an organization and a scenario, looks which way mail goes while a
 * site is out, ranks the failures of both designs, simulates both with the same random numbers, compares the results, and
 * writes a report of the better one. Run it with the folder to write to:
 *
 *     node dist/examples/place-of-the-witness.js work
 */
import { join } from 'node:path';
import {
  answerRouteQuestion,
  buildTopology,
  type ComparedResult,
  check,
  compareResults,
  compileOrganization,
  defaultWorkers,
  findByName,
  findFailures,
  formatCompareText,
  formatFailuresText,
  formatProblem,
  formatRouteText,
  init,
  loadOrganization,
  loadResult,
  nameFailure,
  packageVersion,
  ScenarioError,
  simulate,
  withActiveCopies,
  writeReport,
} from 'mailflow';

const tell = (text: string) => void process.stdout.write(`${text}\n`);

/** The changes that make each design of the scenario, as `--set` takes them. */
const designs = {
  'in a third site': [],
  'in the site of the majority': ['organization.dags.DAG1.witnessSite=Berlin'],
} as const satisfies Record<string, readonly string[]>;

async function main(folder: string): Promise<void> {
  // Two files to start from, as `mailflow init` writes them. Your own would be read in the same way.
  const { organization, scenario } = init(join(folder, 'design'), { template: 'two-site-dag' });
  const { errors, warnings } = check(scenario);
  for (const problem of [...errors, ...warnings]) tell(formatProblem(problem));

  // Which way does mail from Cologne go while Berlin is out, and its database is active in Frankfurt?
  const decoded = loadOrganization(organization);
  const moved = withActiveCopies(decoded.organization, new Map([['DB-B1', 'FRA1']]));
  const tables = compileOrganization(decoded, buildTopology(moved));
  const { servers, sites } = tables.topology;
  const answer = answerRouteQuestion(tables, {
    server: findByName(servers, 'COL1'),
    service: 'transport',
    recipients: ['berlin1@contoso.com', 'somebody@elsewhere.example'],
    sizeBytes: 100 * 1_024,
    outages: { servers: new Set(), sites: new Set([findByName(sites, 'Berlin')]), links: new Set() },
    follow: true,
  });
  tell(formatRouteText(answer));

  // What hurts most? With the witness in Berlin, one of the sites takes the other along.
  const results: ComparedResult[] = [];
  for (const [place, set] of Object.entries(designs)) {
    const { dags } = decoded.organization;
    const witnessSite = set.length === 0 ? 'Cologne' : 'Berlin';
    const design = { ...decoded.organization, dags: dags.map((dag) => ({ ...dag, witnessSite })) };
    const found = findFailures(compileOrganization({ ...decoded, organization: design }), { most: 1 });
    tell(`\nThe witness ${place}: the worst is ${nameFailure(found.failures[0]!.failed)}`);
    tell(formatFailuresText(found));

    // The outage of the scenario, five times each, with the same random numbers for both designs.
    const out = join(folder, 'results', witnessSite);
    const { summary, stoppedBy } = await simulate(scenario, {
      version: packageVersion(),
      set,
      out,
      workers: defaultWorkers(),
    });
    if (stoppedBy !== null) throw new Error(`stopped by ${stoppedBy}`);
    for (const { metric, limit, verdict } of summary.thresholds) tell(`${verdict}  ${metric} ${limit}`);
    results.push(loadResult(out));
  }

  // Is the difference more than noise? Two percent do not matter.
  const comparison = compareResults(results[0]!, results[1]!, 0.02);
  tell(`\n${formatCompareText(comparison)}`);

  const { file, bytes } = await writeReport(join(folder, 'results', 'Cologne'), { format: 'html' });
  tell(`${file}: ${bytes} bytes`);
}

try {
  await main(process.argv[2] ?? 'work');
} catch (error) {
  // Whatever is wrong with a file is told at once, each problem by file, line and column.
  if (!(error instanceof ScenarioError)) throw error;
  for (const problem of error.problems) tell(formatProblem(problem));
  process.exitCode = 3;
}
