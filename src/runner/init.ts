import { randomUUID } from 'node:crypto';
import {
  constants,
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { packageFile } from './package-file.js';
import { orFail, ResultFolderError } from './result-folder-error.js';
import { makeFolder, writeDurably } from './write-file.js';

/** One of the organizations to start from. */
export interface Template {
  /** What it is, and what happens in its scenario. */
  readonly about: string;
  /** A server to ask for a route from, and a mailbox on another. */
  readonly from: string;
  readonly to: string;
}

/** What there is to start from: each is a folder of `templates/`. */
export const templates = {
  'single-site': {
    about: 'one office, two Mailbox servers that stand in for each other; one fails',
    from: 'MBX1',
    to: 'member1@contoso.com',
  },
  'two-site-dag': {
    about: 'a DAG over two sites of equal rank, its witness in a third; a site is lost',
    from: 'COL1',
    to: 'frankfurt1@contoso.com',
  },
  'hub-and-spoke': {
    about: 'a data centre as hub site, and four branches; a branch is cut off',
    from: 'HAM1',
    to: 'munich1@contoso.com',
  },
  edge: {
    about: 'two Edge servers before one site; one fails, then a partner does not answer',
    from: 'EDGE1',
    to: 'user1@contoso.com',
  },
  'mixed-versions': {
    about: 'halfway from Exchange 2010 to 2013; a hub of 2010 fails',
    from: 'B13A',
    to: 'old1@contoso.com',
  },
  'stretched-dag': {
    about: 'a data centre with the majority of a DAG, and a second site; a server fails, then the link',
    from: 'FRA1',
    to: 'berlin1@contoso.com',
  },
} as const satisfies Record<string, Template>;
/** The name of a template, as `mailflow init --template` takes it. */
export type TemplateName = keyof typeof templates;

/** What a template consists of; the scenario names the organization. */
const templateFiles = ['organization.yaml', 'scenario.yaml'] as const;

/** What to start from. */
export interface InitOptions {
  readonly template: TemplateName;
}

/** What `init` has written. */
export interface InitOutcome {
  readonly template: TemplateName;
  /** As it was given. */
  readonly folder: string;
  /** The organization and the scenario, each with the folder before it. */
  readonly organization: string;
  readonly scenario: string;
}

/**
 * Writes a commented organization and a scenario to start from. A folder that is not there is made, and is there with
 * both files or not at all; in one that is there the files appear one after the other, each as a whole, and are taken back
 * where the second cannot be written. Nothing is ever written over.
 * @throws ResultFolderError when one of the files is there already, or cannot be written
 */
export function init(folder: string, { template }: InitOptions): InitOutcome {
  const files = templateFiles.map((name) => ({
    name,
    text: readFileSync(packageFile(`templates/${template}/${name}`), 'utf8'),
  }));
  const absolute = resolve(folder);
  orFail(absolute, () => {
    if (lstatSync(absolute, { throwIfNoEntry: false }) === undefined) writeNewFolder(absolute, files);
    else writeInto(absolute, folder, files);
  });
  return {
    template,
    folder,
    organization: join(folder, 'organization.yaml'),
    scenario: join(folder, 'scenario.yaml'),
  };
}

interface TemplateFile {
  readonly name: string;
  readonly text: string;
}

function writeNewFolder(folder: string, files: readonly TemplateFile[]): void {
  makeFolder(dirname(folder));
  const partial = join(dirname(folder), `.${basename(folder)}.${randomUUID()}`);
  mkdirSync(partial);
  try {
    for (const { name, text } of files) writeDurably(join(partial, name), text);
    renameSync(partial, folder);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    throw error;
  }
}

/** @param shown - the folder as the user calls it */
function writeInto(folder: string, shown: string, files: readonly TemplateFile[]): void {
  if (!(statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false)) {
    throw new ResultFolderError(`${shown} exists and is no folder: give another one`);
  }
  const taken = ({ name }: TemplateFile) =>
    new ResultFolderError(
      `${join(shown, name)} exists, and is not written over: give another folder, or move the file away`,
    );
  const inTheWay = files.find(({ name }) => lstatSync(join(folder, name), { throwIfNoEntry: false }));
  if (inTheWay !== undefined) throw taken(inTheWay);
  const written: string[] = [];
  try {
    for (const file of files) {
      const path = join(folder, file.name);
      const partial = join(folder, `.${file.name}.${randomUUID()}`);
      try {
        writeDurably(partial, file.text);
        placeUnlessThere(partial, path);
        written.push(path);
      } catch (error) {
        throw codeOf(error) === 'EEXIST' ? taken(file) : error;
      } finally {
        rmSync(partial, { force: true });
      }
    }
  } catch (error) {
    for (const path of written) rmSync(path, { force: true });
    throw error;
  }
}

/** A second name for a file is made or refused in one step, where the file system has such names. */
function placeUnlessThere(partial: string, path: string): void {
  try {
    linkSync(partial, path);
  } catch (error) {
    const code = codeOf(error);
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error;
    copyFileSync(partial, path, constants.COPYFILE_EXCL);
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
