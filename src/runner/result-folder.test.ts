import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { tableNames } from '../measure/index.js';
import type { Job } from './job.js';
import { JobFiles } from './job-files.js';
import { folderName, ResultFolder } from './result-folder.js';
import { ResultFolderError } from './result-folder-error.js';

let home: string;
let out: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'mailflow-'));
  out = join(home, 'results', 'run');
});

afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

/** Writes a whole result whose seed tells it from others. */
function writeResult(seed: string): void {
  const folder = new ResultFolder(out, 'run', ['faults', 'ndrs']);
  folder.addRow('faults', [1, 0, 'server-outage', '=cmd()', 'begin']);
  folder.write('summary.json', JSON.stringify({ mailflow: 'run/1', seed }));
  folder.commit();
}

const seedOf = (path: string) => JSON.parse(readFileSync(join(path, 'summary.json'), 'utf8')).seed;

test('a result is beside its place until it is whole', () => {
  const folder = new ResultFolder(out, 'run', ['faults', 'ndrs']);
  folder.addRow('faults', [1, 0, 'server-outage', 'B1', 'begin']);
  folder.write('summary.json', '{}');
  expect(existsSync(out)).toBe(false);
  expect(readdirSync(`${out}.partial`)).toEqual(expect.arrayContaining(['faults.csv', 'summary.json']));
  folder.commit();
  expect(readdirSync(join(home, 'results'))).toEqual(['run']);
  expect(readdirSync(out).sort()).toEqual(['faults.csv', 'ndrs.csv', 'summary.json']);
  expect(readFileSync(join(out, 'faults.csv'), 'utf8')).toBe(
    'replication,timeMs,kind,subject,phase\n1,0,server-outage,B1,begin\n',
  );
  // Header only, but there.
  expect(readFileSync(join(out, 'ndrs.csv'), 'utf8')).toBe(
    'replication,timeMs,message,recipient,server,code,text,rule\n',
  );
});

test('many rows are written in batches, all of them and in order', () => {
  const folder = new ResultFolder(out, 'run', ['faults']);
  for (let n = 0; n < 2_500; n++) {
    folder.addRow('faults', [1, n, 'server-outage', 'B1', 'begin']);
    if (n === 1_500) {
      const written = readFileSync(join(folder.partialPath, 'faults.csv'), 'utf8').split('\n').length;
      expect(written).toBeGreaterThan(1_000);
    }
  }
  folder.commit();
  const lines = readFileSync(join(out, 'faults.csv'), 'utf8').trimEnd().split('\n').slice(1);
  expect(lines.map((line) => Number(line.split(',')[1]))).toEqual(Array.from({ length: 2_500 }, (_, n) => n));
});

test('an older result is replaced, and only when the new one is whole', () => {
  writeResult('old');
  const folder = new ResultFolder(out, 'run', []);
  folder.write('summary.json', JSON.stringify({ mailflow: 'run/1', seed: 'new' }));
  expect(seedOf(out)).toBe('old');
  folder.commit();
  expect(seedOf(out)).toBe('new');
  expect(readdirSync(out)).toEqual(['summary.json']);
  expect(readdirSync(join(home, 'results'))).toEqual(['run']);
});

test('a run that is not committed leaves its partial folder and the older result', () => {
  writeResult('old');
  const folder = new ResultFolder(out, 'run', ['faults']);
  folder.addRow('faults', [1, 0, 'server-outage', 'B1', 'begin']);
  folder.close();
  expect(seedOf(out)).toBe('old');
  expect(readdirSync(`${out}.partial`)).toEqual(['faults.csv']);
  expect(readFileSync(join(`${out}.partial`, 'faults.csv'), 'utf8')).toContain('server-outage,B1');
  // The next run begins anew.
  writeResult('new');
  expect(seedOf(out)).toBe('new');
  expect(existsSync(`${out}.partial`)).toBe(false);
});

describe('a program that dies while a result is replaced', () => {
  test('before the new one is in place: the older one is put back', () => {
    writeResult('old');
    renameSync(out, join(home, 'results', '.run.replaced'));
    const folder = new ResultFolder(out, 'run', []);
    expect(seedOf(out)).toBe('old');
    folder.close();
  });

  test('after that: the new one stays, and the older one is cleared away', () => {
    writeResult('old');
    renameSync(out, join(home, 'results', '.run.replaced'));
    mkdirSync(out);
    writeFileSync(join(out, 'summary.json'), '{"mailflow":"run/1","seed":"new"}');
    new ResultFolder(out, 'run', []).close();
    expect(seedOf(out)).toBe('new');
    expect(existsSync(join(home, 'results', '.run.replaced'))).toBe(false);
  });
});

test('a program that dies while it clears an older result away does not block the next', () => {
  writeResult('old');
  mkdirSync(join(home, 'results', '.run.replaced'));
  writeFileSync(join(home, 'results', '.run.replaced', 'queues.csv'), 'half of it');
  writeResult('new');
  expect(seedOf(out)).toBe('new');
  expect(readdirSync(join(home, 'results'))).toEqual(['run']);
});

describe('what is no result of ours is never replaced', () => {
  test('a folder with other things', () => {
    mkdirSync(out, { recursive: true });
    writeFileSync(join(out, 'thesis.txt'), 'years of work');
    expect(() => new ResultFolder(out, 'run', [])).toThrow(/holds something else than a result of mailflow/);
    expect(readdirSync(join(home, 'results'))).toEqual(['run']);
    expect(readFileSync(join(out, 'thesis.txt'), 'utf8')).toBe('years of work');
  });

  test('a folder with the summary of something else', () => {
    mkdirSync(out, { recursive: true });
    writeFileSync(join(out, 'summary.json'), '{"mailflow":"compare/1"}');
    expect(() => new ResultFolder(out, 'run', [])).toThrow(ResultFolderError);
  });

  test('a folder that others filled during the run', () => {
    const folder = new ResultFolder(out, 'run', []);
    mkdirSync(out);
    writeFileSync(join(out, 'thesis.txt'), 'years of work');
    expect(() => folder.commit()).toThrow(ResultFolderError);
    expect(readdirSync(out)).toEqual(['thesis.txt']);
    expect(existsSync(`${out}.partial`)).toBe(true);
  });

  test('a file', () => {
    mkdirSync(join(home, 'results'));
    writeFileSync(out, 'x');
    expect(() => new ResultFolder(out, 'run', [])).toThrow(/is no folder/);
  });

  test('a partial folder that holds other things', () => {
    mkdirSync(`${out}.partial`, { recursive: true });
    writeFileSync(join(`${out}.partial`, 'thesis.txt'), 'years of work');
    expect(() => new ResultFolder(out, 'run', [])).toThrow(/thesis\.txt, which is not ours to remove/);
    expect(existsSync(join(`${out}.partial`, 'thesis.txt'))).toBe(true);
  });

  test('a result that the user has put something beside', () => {
    writeResult('old');
    writeFileSync(join(out, 'mynotes.txt'), 'mine');
    expect(() => new ResultFolder(out, 'run', [])).toThrow(
      `${out} holds mynotes.txt beside a result of mailflow, and would be replaced: choose another folder with --out`,
    );
    expect(readFileSync(join(out, 'mynotes.txt'), 'utf8')).toBe('mine');
    expect(readdirSync(join(home, 'results'))).toEqual(['run']);
    rmSync(join(out, 'mynotes.txt'));
    // A folder by the name of a file of ours is none of ours.
    mkdirSync(join(out, 'messages.csv'));
    expect(() => new ResultFolder(out, 'run', [])).toThrow(/holds messages\.csv beside/);
    expect(seedOf(out)).toBe('old');
  });

  test('a result that the user puts something beside during the run: the new one stays partial', () => {
    writeResult('old');
    const folder = new ResultFolder(out, 'run', []);
    folder.write('summary.json', JSON.stringify({ mailflow: 'run/1', seed: 'new' }));
    writeFileSync(join(out, 'mynotes.txt'), 'mine');
    expect(() => folder.commit()).toThrow(`the new result stays in ${out}.partial`);
    expect(readFileSync(join(out, 'mynotes.txt'), 'utf8')).toBe('mine');
    expect(seedOf(out)).toBe('old');
    expect(seedOf(`${out}.partial`)).toBe('new');
  });

  test('a result of a run that wrote more tables is all ours', () => {
    const folder = new ResultFolder(out, 'run', tableNames);
    for (const name of ['replications.json', 'engine.json'] as const) folder.write(name, '{}');
    folder.write('summary.json', JSON.stringify({ mailflow: 'run/1', seed: 'old' }));
    folder.commit();
    writeResult('new');
    expect(readdirSync(out).sort()).toEqual(['faults.csv', 'ndrs.csv', 'summary.json']);
  });

  test('an empty folder is free to take', () => {
    mkdirSync(out, { recursive: true });
    writeResult('new');
    expect(seedOf(out)).toBe('new');
  });
});

test('a partial folder that another run has taken over is noticed', () => {
  const first = new ResultFolder(out, 'run', ['faults']);
  const second = new ResultFolder(out, 'run', ['faults']);
  expect(() => first.write('summary.json', '{}')).toThrow(/does another run write to it/);
  expect(() => first.commit()).toThrow(ResultFolderError);
  second.write('summary.json', '{"mailflow":"run/1","seed":"second"}');
  second.commit();
  expect(seedOf(out)).toBe('second');
});

test('a result behind a symbolic link is replaced where it is', () => {
  const real = join(home, 'elsewhere');
  mkdirSync(real);
  mkdirSync(join(home, 'results'));
  symlinkSync(real, out);
  writeResult('new');
  expect(seedOf(real)).toBe('new');
});

test('a symbolic link that leads nowhere, or in a circle, is refused before the run', () => {
  mkdirSync(join(home, 'results'));
  symlinkSync(join(home, 'nowhere'), out);
  expect(() => new ResultFolder(out, 'run', [])).toThrow(
    `${out} is a symbolic link that leads nowhere: choose another`,
  );
  symlinkSync(join(home, 'circle'), join(home, 'circle'));
  expect(() => new ResultFolder(join(home, 'circle'), 'run', [])).toThrow(
    /circle is a symbolic link that leads nowhere/,
  );
  symlinkSync(join(home, 'nowhere'), join(home, 'up'));
  expect(() => new ResultFolder(join(home, 'up', 'run'), 'run', [])).toThrow(
    /cannot write .*: a folder on the way/,
  );
  expect(readdirSync(join(home, 'results'))).toEqual(['run']);
});

test.skipIf(!existsSync('/proc/self'))('a place where no folder can be is refused at once', () => {
  expect(() => new ResultFolder('/proc/x', 'run', [])).toThrow(
    'cannot write /proc/x.partial: no folder can be made there',
  );
  expect(() => new ResultFolder('/proc/x/y', 'run', [])).toThrow(/no folder can be made there/);
});

test('folders on the way are made', () => {
  out = join(home, 'a', 'b', 'c', 'run');
  writeResult('new');
  expect(seedOf(out)).toBe('new');
});

test('a place that cannot be written says why', () => {
  writeFileSync(join(home, 'results'), 'a file where a folder should be');
  expect(() => new ResultFolder(out, 'run', [])).toThrow(
    /cannot write .*: a folder on the way to it is a file/,
  );
});

test.each([
  ['wan-cut', 'wan-cut'],
  ['Köln 2024', 'Köln 2024'],
  ['../../etc/passwd', '-..-etc-passwd'],
  ['a/b\\c:d*?"<>|', 'a-b-c-d-'],
  ['line\nbreak\u0000', 'line-break-'],
  ['..', 'scenario'],
  ['', 'scenario'],
  ['  name. ', 'name'],
  ['CON', '_CON'],
  ['nul.txt', '_nul.txt'],
  ['x'.repeat(200), 'x'.repeat(64)],
])('the folder of scenario %j is %j', (name, folder) => {
  expect(folderName(name)).toBe(folder);
});

test('a result of another kind is not replaced', () => {
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'sweep.json'), '{"mailflow":"sweep/1","points":[]}');
  expect(() => new ResultFolder(out, 'run')).toThrow(
    `${out} holds the result of a sweep, not the result of a simulation that could be replaced: choose another`,
  );
  new ResultFolder(out, 'sweep').close();
  rmSync(join(out, 'sweep.json'));
  writeFileSync(join(out, 'summary.json'), '{"mailflow":"run/1"}');
  expect(() => new ResultFolder(out, 'sweep')).toThrow(/holds the result of a simulation, not .* of a sweep/);
});

describe('what an interrupted run has finished', () => {
  /** As jobs leave it that have been run to their end. */
  function leave(...jobs: readonly (readonly [name: string, key: string])[]): void {
    const files = new JobFiles(join(`${out}.partial`, 'jobs'));
    files.open();
    for (const [name, key] of jobs) {
      const job = { kind: name.includes('w') ? 'pilot' : 'replication', name, key, replication: 1 } as Job;
      files.write(job, { outcome: 'complete', events: 1 }, {}, {});
    }
  }
  const left = () => readdirSync(join(`${out}.partial`, 'jobs')).sort();
  const open = (resumes: boolean) => {
    let removed = 0;
    const onRemoved = (count: number) => {
      removed = count;
    };
    new ResultFolder(out, 'run', [], { resumes, isOwn: ({ key }) => key === 'mine', onRemoved }).close();
    return removed;
  };

  test('stays, where any of it does not belong to this one', () => {
    leave(['r000001', 'other']);
    for (const resumes of [true, false]) {
      expect(() => open(resumes)).toThrow(`${out}.partial holds one replication of an interrupted run of`);
    }
    leave(['r000002', 'other']);
    expect(() => open(false)).toThrow(`${out}.partial holds 2 replications of an interrupted run of`);
    leave(['r000003', 'mine']);
    for (const resumes of [true, false]) {
      expect(() => open(resumes)).toThrow(`${out}.partial holds 2 replications of an interrupted run of`);
    }
    expect(left()).toEqual(['r000001.json', 'r000002.json', 'r000003.json']);
  });

  test('is gone on from, or removed with a word', () => {
    leave(['r000001', 'mine'], ['r000002', 'mine'], ['w1', 'mine']);
    expect(open(true)).toBe(0);
    expect(left()).toEqual(['r000001.json', 'r000002.json', 'w1.json']);
    expect(open(false)).toBe(2);
    expect(existsSync(join(`${out}.partial`, 'jobs'))).toBe(false);
  });

  test('pilots alone, and what was stopped, are nothing to keep', () => {
    leave(['w1', 'other']);
    const stopped = { kind: 'replication', name: 'r000001', key: 'other', replication: 1 } as Job;
    new JobFiles(join(`${out}.partial`, 'jobs')).write(stopped, { outcome: 'stopped', events: 1 }, {}, {});
    writeFileSync(join(`${out}.partial`, 'jobs', 'r000002.json'), 'torn');
    expect(open(false)).toBe(0);
  });

  test('a result as far as it came stays, too, of something else', () => {
    mkdirSync(`${out}.partial`, { recursive: true });
    const write = (key: string, rest: string) =>
      writeFileSync(
        join(`${out}.partial`, 'replications.json'),
        `{"mailflow":"replications/1","key":"${key}","replications":[\n${rest}`,
      );
    write('other', '{"replication":1}\n]}\n');
    expect(() => open(false)).toThrow(`${out}.partial holds what there is of an interrupted run of`);
    write('other', ']}\n');
    open(false);
    mkdirSync(`${out}.partial`, { recursive: true });
    write('other', '{"repl');
    open(false);
    mkdirSync(`${out}.partial`, { recursive: true });
    write('mine', '{"replication":1}\n]}\n');
    expect(open(false)).toBe(0);
  });
});
