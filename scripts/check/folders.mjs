#!/usr/bin/env node
/**
 * Checks that no folder of a package's sources holds more than 25 files, without tests and subfolders: a longer list hides its
 * subjects, and should be sorted into folders by subject. Migrations are one numbered sequence, which grows with every release.
 */
import { execFileSync } from 'node:child_process';
import { posix } from 'node:path';
import process from 'node:process';

const MAX_FILES = 25;
/** Migrations are one list in the order of their numbers, and only grow. */
const LISTS = new Set(['packages/gateway/src/store/sql/migrations']);

const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', 'packages'], {
  encoding: 'utf8',
});
/** @type {Map<string, number>} */
const counts = new Map();
for (const file of files.split('\0')) {
  if (!/^packages\/[^/]+\/src\//.test(file) || /\.test\.\w+$/.test(file)) continue;
  const folder = posix.dirname(file);
  if (posix.basename(folder) === 'migrations') continue;
  counts.set(folder, (counts.get(folder) ?? 0) + 1);
}
for (const [folder, count] of counts)
  if (count > MAX_FILES && !LISTS.has(folder)) {
    console.error(`${folder}: expected at most ${MAX_FILES} files, got ${count}: sort them into folders by subject`);
    process.exitCode = 1;
  }
