import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { runWebpos } from '../../../test/support/run-webpos.ts';
import { VERSION } from '../../kernel/version.ts';
import { lastMigration } from '../../store/sql/migrate.ts';

it.each(['--version', 'version'])('webpos %s prints the version despite wrong settings, and creates no file', async (word) => {
  const folder = await mkdtemp(join(tmpdir(), 'webpos-version-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const output = await runWebpos(folder, [word], { WEBPOS_PORT: 'x' });
  expect(output).toEqual({
    status: 0,
    out: `webpos ${VERSION} (Node ${process.version}, tables of ${lastMigration})`,
    err: '',
  });
  expect(JSON.parse((await runWebpos(folder, [word, '--json'])).out)).toEqual({
    version: VERSION,
    node: process.version,
    last_migration: lastMigration,
  });
  expect(await readdir(folder)).toEqual([]);
});
