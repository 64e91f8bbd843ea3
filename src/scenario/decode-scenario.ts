import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.js';
import { type ConfigurationSource, checkOverlaps } from './configuration-change.js';
import {
  checkSettings,
  countObjects,
  type DecodedOrganization,
  mostObjects,
  type OrganizationPart,
  readOrganization,
  settingsOf,
} from './decode-organization.js';
import { Decoding, FileError, type ReadFile, References, type ScenarioWindow } from './decoding.js';
import { checkFaultsTogether, type NoteFault } from './faults/check-together.js';
import { faultKinds } from './faults/index.js';
import type { Fault, FaultKind } from './faults/kind.js';
import { looksLikeOrganization } from './input-kind.js';
import { type Problem, ScenarioError } from './problem.js';
import type { Scenario } from './scenario.js';
import { parseWhatIsSound } from './schema/salvage.js';
import {
  type FaultFields,
  type ScenarioInput,
  scenarioFrameSchema,
  type WorkloadFields,
} from './schema/scenario-schema.js';
import { childOf, type PathSegment } from './source/path.js';
import { ProblemList } from './source/problem-list.js';
import { applySetOption, readSetOptions, type SetOption } from './source/set-option.js';
import { SourceTree } from './source/source-tree.js';
import { readYaml, type YamlSource } from './source/yaml-source.js';
import { decodeThreshold } from './threshold.js';
import { workloadKinds } from './workloads/index.js';
import type { Workload, WorkloadKind, WorkloadWindow } from './workloads/kind.js';

/** Where the files come from that a scenario names, and what is changed in it. */
export interface DecodeScenarioOptions {
  /** Reads the files that the scenario names. */
  readonly readFile: ReadFile;
  /**
   * `routing`: the organization is not to be simulated, so that it may hold what the transport model does not have yet.
   * Absent: `simulation`.
   */
  readonly purpose?: 'routing' | 'simulation';
  /** `<path>=<value>` each, applied in order. */
  readonly set?: readonly string[];
}

/** A sound scenario with its organization, and what hardly was meant in it. */
export interface DecodedScenario {
  readonly scenario: Scenario;
  /** The scenario's organization by itself, without the scenario's settings. */
  readonly organization: DecodedOrganization;
  readonly warnings: readonly Problem[];
}

/**
 * Decodes a scenario with its organization and all other files that it names.
 * @param content - YAML or JSON, as bytes or text
 * @param file - how problems call the file
 * @throws ScenarioError with every problem of all files
 */
export function decodeScenario(
  content: Uint8Array | string,
  file: string,
  options: DecodeScenarioOptions,
): DecodedScenario {
  return new ScenarioDecoder(readYaml(content), file, options).decode();
}

/** As `decodeScenario`, for a text that has been read. */
export function decodeScenarioSource(
  source: YamlSource,
  file: string,
  options: DecodeScenarioOptions,
): DecodedScenario {
  return new ScenarioDecoder(source, file, options).decode();
}

/** Stands in for keys that cannot be missing, so that the rest can be checked. */
const replacements = { mailflow: 1, duration: '3650 d' };

class ScenarioDecoder {
  readonly #file: string;
  readonly #tree: SourceTree;
  readonly #problems: ProblemList;
  readonly #warnings: ProblemList;
  readonly #readFile: ReadFile;
  readonly #set: readonly SetOption[];
  readonly #purpose: 'routing' | 'simulation';
  #isOrganizationSound = false;
  /** Hashes of the files that workloads name, by name. */
  readonly #hashes = new Map<string, string>();

  constructor(
    source: YamlSource,
    file: string,
    { readFile, set = [], purpose = 'simulation' }: DecodeScenarioOptions,
  ) {
    this.#purpose = purpose;
    this.#file = file;
    this.#tree = new SourceTree(file, source);
    this.#problems = new ProblemList(this.#tree);
    this.#warnings = new ProblemList(this.#tree);
    this.#readFile = readFile;
    for (const problem of source.problems) this.#problems.addSource([], file, 0, problem);
    this.#set = readSetOptions(set, this.#problems);
  }

  decode(): DecodedScenario {
    if (this.#tree.value === undefined) throw new ScenarioError(this.#problems.inFileOrder());
    if (looksLikeOrganization(this.#tree.value)) {
      this.#problems.add(
        [],
        'this is an organization; a scenario has `mailflow: 1` and names one (`organization: contoso.yaml`)',
      );
      throw new ScenarioError(this.#problems.inFileOrder());
    }
    this.#assemble();
    const objects = countObjects(this.#tree.value);
    if (objects > mostObjects) {
      this.#problems.add(
        [],
        `expected at most ${mostObjects} workloads, faults and thresholds, got ${objects}`,
      );
      throw new ScenarioError(this.#problems.inFileOrder());
    }
    const frame = parseWhatIsSound(scenarioFrameSchema, this.#tree.value, replacements);
    for (const problem of frame.problems) this.#problems.addShape([], problem);
    const part = this.#readOrganization();
    const scenario =
      frame.value === undefined ? undefined : this.#toScenario(frame.value, part, frame.originalPath);
    const warnings = this.#warnings.inFileOrder();
    if (scenario === undefined || part === undefined || !this.#problems.isEmpty) {
      throw new ScenarioError(this.#problems.inFileOrder(), warnings);
    }
    return {
      scenario,
      organization: { organization: part.organization, ...settingsOf(part, {}), warnings },
      warnings,
    };
  }

  /** Puts the organization's file and the options into the tree. */
  #assemble(): void {
    const isOrganization = ({ steps }: SetOption) => steps.length === 1 && steps[0] === 'organization';
    const options = [
      ...this.#set.filter(isOrganization),
      ...this.#set.filter((each) => !isOrganization(each)),
    ];
    let mounted = false;
    for (const option of options) {
      if (!mounted && !isOrganization(option)) {
        this.#mountOrganization();
        mounted = true;
      }
      applySetOption(this.#tree, option, this.#problems);
    }
    if (!mounted) this.#mountOrganization();
  }

  #mountOrganization(): void {
    const named = childOf(this.#tree.value, 'organization');
    if (typeof named !== 'string') return;
    const base = ['organization'];
    try {
      const { name, content } = this.#readFile(named);
      const source = readYaml(content);
      const order = this.#tree.mount(base, name, source);
      for (const problem of source.problems) this.#problems.addSource(base, name, order, problem);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      this.#problems.add(base, `${JSON.stringify(named)}: ${error.message}`);
    }
  }

  #readOrganization(): OrganizationPart | undefined {
    const root = this.#tree.value;
    if (typeof root !== 'object' || root === null || Array.isArray(root)) return undefined;
    const value = childOf(root, 'organization');
    if (!Object.hasOwn(root, 'organization')) {
      const message =
        '"organization" is missing: expected the path of an organization file, or an organization';
      this.#problems.addShape([], { path: ['organization'], kind: 'missing', message, hint: null });
    }
    // A text still there is a file that could not be read, nothing at all a file without content.
    if (value === undefined || typeof value === 'string') return undefined;
    const before = this.#problems.count;
    const part = readOrganization(
      this.#tree,
      ['organization'],
      this.#problems,
      this.#warnings,
      this.#purpose,
    );
    this.#isOrganizationSound = part !== undefined && this.#problems.count === before;
    return part;
  }

  /** What changes of the organization are held against. */
  #configuration(part: OrganizationPart | undefined): ConfigurationSource | undefined {
    if (part === undefined || !this.#isOrganizationSound) return undefined;
    return { value: childOf(this.#tree.value, 'organization'), purpose: this.#purpose };
  }

  /** Faults that are sound each by itself may not be together, or do nothing. */
  #checkTogether(
    faults: readonly Fault[],
    references: References,
    originalPath: (path: readonly PathSegment[]) => PathSegment[],
  ): void {
    // With a problem among them faults may be missing, and places wrong.
    if (!this.#problems.isEmpty) return;
    const addTo =
      (list: ProblemList): NoteFault =>
      (fault, path, message) =>
        list.add(originalPath(['faults', faults.indexOf(fault), ...path]), message);
    checkFaultsTogether(faults, references, addTo(this.#problems), addTo(this.#warnings));
  }

  /** Changes that would do each by itself may not do together. */
  #checkOverlaps(
    faults: readonly Fault[],
    part: OrganizationPart | undefined,
    originalPath: (path: readonly PathSegment[]) => PathSegment[],
  ): void {
    if (part === undefined || !this.#problems.isEmpty) return;
    const changes = faults.filter((fault) => fault.kind === 'routing-change');
    checkOverlaps(part.organization, changes, (change, message, hint) => {
      this.#problems.add(originalPath(['faults', faults.indexOf(change), 'set']), message, hint);
    });
  }

  #toScenario(
    input: ScenarioInput,
    part: OrganizationPart | undefined,
    originalPath: (path: readonly PathSegment[]) => PathSegment[],
  ): Scenario | undefined {
    const references = this.#tree.broken
      ? new References(undefined, {})
      : new References(part?.organization, part?.leftOut ?? {}, this.#configuration(part));
    const window = this.#window(input);
    const decodingAt = (...path: readonly PathSegment[]) =>
      new Decoding(
        originalPath(path),
        window,
        references,
        { problems: this.#problems, warnings: this.#warnings },
        this.#hashingReadFile(),
      );
    const workloads = this.#workloads(input, decodingAt);
    const faults = input.faults.flatMap((fields, index) =>
      decodeFault(fields, decodingAt('faults', index), window.durationMs + drainMs(input)),
    );
    this.#checkTogether(faults, references, originalPath);
    this.#checkOverlaps(faults, part, originalPath);
    const thresholds = input.thresholds.flatMap(
      (fields, index) => decodeThreshold(fields, decodingAt('thresholds', index)) ?? [],
    );
    if (input.warmUp !== 'auto' && input.warmUp >= input.duration) {
      this.#problems.add(['warmUp'], 'expected less than the duration: nothing would be measured');
    }
    if (part === undefined) return undefined;
    if (this.#problems.isEmpty) checkSettings(part, input.settings, this.#problems);
    return {
      name: input.name ?? nameOfFile(this.#file),
      description: input.description,
      organization: part.organization,
      seed: input.seed,
      startUtcMs: window.startUtcMs,
      durationMs: input.duration,
      drain: input.drain,
      warmUpMs: input.warmUp,
      replications: input.replications,
      sampleEveryMs: input.sampleEvery,
      ...settingsOf(part, input.settings ?? {}),
      workloads,
      faults,
      thresholds,
      sha256: this.#hash(this.#tree.value),
      replicationSha256: this.#hash(withoutKeys(this.#tree.value, aboutAllReplications)),
    };
  }

  #window({ start, duration }: ScenarioInput): ScenarioWindow {
    return {
      startUtcMs: start.kind === 'utc' ? start.utcMs : start.msOfDay,
      startHasDay: start.kind === 'utc',
      durationMs: duration,
    };
  }

  #workloads(
    { workloads }: ScenarioInput,
    decodingAt: (...path: readonly PathSegment[]) => Decoding,
  ): Workload[] {
    if (workloads.length === 0 && this.#problems.isEmpty) {
      this.#warnings.add([], 'there are no workloads: no mail will be sent');
    }
    const names = new Set(workloads.flatMap(({ name }) => (name === undefined ? [] : [name.toUpperCase()])));
    const taken = new Set<string>();
    return workloads.flatMap((fields, index) => {
      const decoding = decodingAt('workloads', index);
      const name = fields.name ?? freeName(fields.kind, names);
      if (taken.has(name.toUpperCase())) {
        decoding.problem(['name'], `there is a workload named ${JSON.stringify(name)} already`);
      }
      taken.add(name.toUpperCase());
      return decodeWorkload(fields, name, decoding);
    });
  }

  /** Remembers what was in the files: they are part of the scenario as run. */
  #hashingReadFile(): ReadFile {
    return (path) => {
      const file = this.#readFile(path);
      this.#hashes.set(path, createHash('sha256').update(file.content).digest('hex'));
      return file;
    };
  }

  #hash(scenario: unknown): string {
    const files = Object.fromEntries(this.#hashes);
    const whole = this.#hashes.size === 0 ? scenario : { scenario, files };
    return createHash('sha256').update(canonicalJson(whole)).digest('hex');
  }
}

/** Keys that one replication does not depend on. */
const aboutAllReplications: ReadonlySet<string> = new Set([
  'name',
  'description',
  'replications',
  'thresholds',
]);

function withoutKeys(mapping: unknown, keys: ReadonlySet<string>): unknown {
  return Object.fromEntries(Object.entries(mapping ?? {}).filter(([key]) => !keys.has(key)));
}

function decodeWorkload(fields: WorkloadFields, name: string, decoding: Decoding): Workload[] {
  const { durationMs } = decoding.window;
  const timeMs = (key: 'start' | 'end', fallback: number) => {
    const point = fields[key];
    return point === undefined ? fallback : decoding.timeMs([key], point);
  };
  const window: WorkloadWindow = {
    name,
    startMs: timeMs('start', 0),
    endMs: Math.min(timeMs('end', durationMs), durationMs),
  };
  if (window.startMs >= window.endMs) {
    const late = fields.start !== undefined && window.startMs >= durationMs;
    decoding.problem(
      [late ? 'start' : 'end'],
      late ? 'expected a start within the duration' : 'expected an end after the start',
    );
  }
  const kind: WorkloadKind = workloadKinds[fields.kind];
  return kind.decode === undefined ? [] : [kind.decode(fields, window, decoding)];
}

function decodeFault(fields: FaultFields, decoding: Decoding, lastMs: number): Fault[] {
  const kind: FaultKind = faultKinds[fields.kind];
  if (kind.decode === undefined) return [];
  const beginMs = fields.at === undefined ? 0 : decoding.timeMs(['at'], fields.at);
  const lengthMs = fields.for ?? Number.POSITIVE_INFINITY;
  if (beginMs >= lastMs) decoding.warning(['at'], 'lies after the end of the run: nothing will come of it');
  return [kind.decode(fields, { beginMs, endMs: beginMs + lengthMs }, decoding)];
}

function drainMs({ drain }: ScenarioInput): number {
  return drain === 'until-empty' ? Number.POSITIVE_INFINITY : drain;
}

/** The kind, or `<kind>-2` and so on where that is taken; takes the name. */
function freeName(kind: string, names: Set<string>): string {
  let name = kind;
  for (let n = 2; names.has(name.toUpperCase()); n++) name = `${kind}-${n}`;
  names.add(name.toUpperCase());
  return name;
}

/** `organizations/wan-cut.yaml` is `wan-cut`. */
function nameOfFile(file: string): string {
  const base = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
  return base.replace(/\.[^.]*$/, '') || 'scenario';
}
