import type { ThresholdResult } from '../../measure/index.js';
import { escapeMarkup } from '../page/html-text.js';
import type { RunReport } from '../run-report.js';
import { plainText } from './quantities.js';
import { thresholdFigure, verdictReason } from './threshold-figures.js';

/**
 * The verdicts as JUnit XML, as CI systems read it: a test case a threshold, in the order of the scenario. An undecided
 * one is skipped; a run that did not come to its end is a case of its own, in error.
 */
export function formatJunit({ summary }: RunReport): string {
  const { thresholds, scenario } = summary;
  const name = plainText(scenario.name, 200);
  const cases = thresholds.map((threshold) => testCase(name, threshold, thresholdFigure(threshold, summary)));
  const message = 'the run was stopped before its end: its figures cover only what had happened by then';
  if (summary.incomplete) {
    cases.unshift(
      element('testcase', { classname: name, name: 'the run is complete', time: '0' }, [
        element('error', { message, type: 'incomplete' }, []),
      ]),
    );
  }
  const count = (verdict: string) => thresholds.filter((each) => each.verdict === verdict).length;
  const counts = {
    tests: String(cases.length),
    failures: String(count('fail')),
    errors: summary.incomplete ? '1' : '0',
    skipped: String(count('undecided')),
    time: '0',
  };
  const suite = element('testsuite', { name, ...counts }, [
    element('properties', {}, [
      element('property', { name: 'seed', value: plainText(summary.seed, 200) }, []),
      element('property', { name: 'replications', value: String(summary.replications) }, []),
      element('property', { name: 'version', value: plainText(summary.version) }, []),
      element('property', { name: 'fingerprint', value: plainText(summary.fingerprint, 100) }, []),
    ]),
    ...cases,
  ]);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', { name: 'mailflow', ...counts }, [suite])}\n`;
}

function testCase(classname: string, threshold: ThresholdResult, value: string): string {
  const { metric, verdict, reason } = threshold;
  const limit = plainText(threshold.limit);
  const name = `${plainText(metric, 200)} ${limit}`;
  const why = verdictReason(threshold);
  const isLimitBroken =
    why === undefined || reason === 'largest' || (verdict === 'fail' && reason === 'interval');
  const held = `${value}, ${isLimitBroken ? 'but ' : ''}the limit is: ${limit}`;
  const message = why === undefined ? held : `${why}: ${held}`;
  const inner = {
    pass: [],
    fail: [element('failure', { message, type: 'threshold' }, [])],
    undecided: [element('skipped', { message: `undecided: ${message}` }, [])],
  }[verdict];
  return element('testcase', { classname, name, time: '0' }, inner);
}

function element(
  name: string,
  attributes: Readonly<Record<string, string>>,
  inner: readonly string[],
): string {
  const head = [
    name,
    ...Object.entries(attributes).map(([key, value]) => `${key}="${escapeMarkup(value)}"`),
  ].join(' ');
  if (inner.length === 0) return `<${head}/>`;
  return `<${head}>\n${inner.join('\n').replace(/^/gm, '  ')}\n</${name}>`;
}
