import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FailedPart } from './support/processes/fail-each-part.ts';
import { program } from '../../../test/support/programs/program.ts';

const run = promisify(execFile);

let folder: string;
let failures: FailedPart[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'webpos-parts-'));
  // The process ends by itself with status 0, so its gateways have closed everything that they opened.
  const { stdout } = await run(process.execPath, [await program('fail-each-part'), join(folder, 'data')], {
    timeout: 240_000,
  });
  failures = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as FailedPart);
}, 250_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const of = (kind: FailedPart['kind']): FailedPart[] => failures.filter((failure) => failure.kind === kind);

describe('a part of the gateway', () => {
  it('is made to fail in every way, whichever part it is', () => {
    const names = of('start fails').map(({ part }) => part);
    for (const name of ['serving lock', 'database', 'chain', 'callbacks', 'public port', 'operations port', 'requests'])
      expect(names).toContain(name);
    expect(of('stop fails').map(({ part }) => part)).toEqual(names);
    expect(of('stop hangs').map(({ part }) => part)).toEqual(names);
  });

  it('that fails to start aborts the start, and is named in the log', () => {
    for (const { part, refused, logged } of of('start fails')) {
      expect({ part, refused }).toEqual({ part, refused: 'Error: planted' });
      // Nothing can be logged before the log is open.
      expect({ part, logged }).toEqual({ part, logged: part === 'log' ? [] : [part] });
    }
  });

  it('that fails to stop does not keep others from stopping, and is named in the log', () => {
    for (const { part, refused, failed, logged } of of('stop fails'))
      expect({ part, refused, failed, logged }).toEqual({ part, refused: undefined, failed: [part], logged: [part] });
  });

  it('that hangs while stopping does not keep others from stopping, and is named in the log', () => {
    for (const { part, refused, failed, logged } of of('stop hangs')) {
      expect({ part, refused }).toEqual({ part, refused: undefined });
      // On a busy machine, other parts may exceed the short timeout of this test too.
      expect(failed).toContain(part);
      expect(logged).toEqual(failed);
    }
  });
});
