import { plainText } from './quantities.js';

type Language = 'en' | 'de';

/** What of a finding of Setup stands in a text: an entry of `readiness` in `check/1`. */
export interface ReportedFinding {
  readonly rule: string;
  readonly setupRule: string | null;
  readonly blocking: boolean;
  readonly leftOut: boolean;
  readonly statement: string;
  readonly remedy: string;
  readonly commands: readonly string[];
}

interface RemovedServer {
  readonly name: string;
  readonly version: string;
  readonly site?: string | undefined;
}

/** What stands around the findings, in each language. */
interface Headings {
  readonly organization: string;
  removal(server: RemovedServer): string;
  readonly blocks: string;
  readonly warning: string;
  readonly leftOut: string;
  /** How it ends: findings that block, warnings, rules left out. */
  verdict(blocking: number, warnings: number, leftOut: number, removal: boolean): string;
  readonly notExamined: string;
}

const headings: Readonly<Record<Language, Headings>> = {
  en: {
    organization: 'Setup readiness of the organization',
    removal: ({ name, version, site }) =>
      `Setup readiness: removal of server ${JSON.stringify(name)} (Exchange ${version}${site === undefined ? '' : `, site ${JSON.stringify(site)}`})`,
    blocks: 'blocks',
    warning: 'warning',
    leftOut: 'left out',
    verdict: (blocking, warnings, leftOut, removal) => {
      const counts = [
        `${blocking} ${blocking === 1 ? 'finding blocks' : 'findings block'}`,
        `${warnings} warning${warnings === 1 ? '' : 's'}`,
        ...(removal ? [`${leftOut} left out`] : []),
      ].join(', ');
      return `${blocking > 0 ? 'Setup would refuse' : 'Nothing in this file makes Setup refuse'}: ${counts}.`;
    },
    notExamined: 'Setup readiness is not examined before the errors are gone.',
  },
  de: {
    organization: 'Bereitschaftsprüfung des Setups für die Organisation',
    removal: ({ name, version, site }) =>
      `Bereitschaftsprüfung des Setups: Entfernen des Servers ${JSON.stringify(name)} (Exchange ${version}${site === undefined ? '' : `, Standort ${JSON.stringify(site)}`})`,
    blocks: 'blockiert',
    warning: 'Warnung',
    leftOut: 'nicht geprüft',
    verdict: (blocking, warnings, leftOut, removal) => {
      const counts = [
        `${blocking} ${blocking === 1 ? 'blockierender Befund' : 'blockierende Befunde'}`,
        `${warnings} Warnung${warnings === 1 ? '' : 'en'}`,
        ...(removal ? [`${leftOut} nicht geprüft`] : []),
      ].join(', ');
      return `${blocking > 0 ? 'Das Setup würde abbrechen' : 'Nichts in dieser Datei lässt das Setup abbrechen'}: ${counts}.`;
    },
    notExamined: 'Die Bereitschaftsprüfung des Setups entfällt, solange es Fehler gibt.',
  },
};

/**
 * Findings for a ticket: one paragraph each, most urgent first, between a heading and a verdict. Lines are not wrapped, so
 * that names can be found and commands copied. Empty where there is nothing to say of an organization as it stands.
 * @param removed - the server that is to go; absent: the organization as it stands
 */
export function formatReadiness(
  findings: readonly ReportedFinding[],
  removed: RemovedServer | undefined,
  language: Language,
): string {
  if (findings.length === 0 && removed === undefined) return '';
  const words = headings[language];
  const blocking = findings.filter((each) => each.blocking).length;
  const leftOut = findings.filter((each) => each.leftOut).length;
  const paragraphs = findings.map((finding) => [
    [`${kindOf(finding, words)}:`, finding.rule, finding.setupRule ?? ''].join(' ').trimEnd(),
    `  ${finding.statement}`,
    `  ${finding.remedy}`,
    ...finding.commands.map((command) => `    ${command}`),
  ]);
  const verdict = words.verdict(
    blocking,
    findings.length - blocking - leftOut,
    leftOut,
    removed !== undefined,
  );
  return [[removed === undefined ? words.organization : words.removal(removed)], ...paragraphs, [verdict]]
    .map((lines) => lines.map((line) => `${plainText(line, Number.POSITIVE_INFINITY)}\n`).join(''))
    .join('\n');
}

/** Says that errors come first. */
export function readinessNotExamined(language: Language): string {
  return headings[language].notExamined;
}

function kindOf({ blocking, leftOut }: ReportedFinding, words: Headings): string {
  return blocking ? words.blocks : leftOut ? words.leftOut : words.warning;
}
