/**
 * Runs before every test file: keeps this process, and whatever it starts, on the loopback interface, and fails the file if
 * anything tried to leave it, even if the code under test caught the error.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'webpos-loopback-'));
const log = join(folder, 'violations');
writeFileSync(log, '');
process.env['LOOPBACK_GUARD_LOG'] = log;
createRequire(import.meta.url)('./guard.cjs');

afterAll(() => {
  const violations = readFileSync(log, 'utf8');
  rmSync(folder, { recursive: true, force: true });
  if (violations !== '') throw new Error(`something tried to leave the loopback interface:\n${violations}`);
});
