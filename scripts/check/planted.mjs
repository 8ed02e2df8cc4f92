#!/usr/bin/env node
/**
 * Checks that every gate fires: `npm run check:planted`, or for some gates by name: `npm run check:planted -- lint words`. Each
 * violation of plants.mjs is planted in a temporary copy of the repository, and its gate runs there. A gate that passes, or
 * reports only something else, fails this run.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { gates } from './gates.mjs';
import { plants, testGate } from './plants.mjs';
import { runGate } from './run-gate.mjs';

const wanted = process.argv.slice(2);
const root = fileURLToPath(new URL('../..', import.meta.url));
const copy = mkdtempSync(join(tmpdir(), 'webpos-planted-'));
process.env.CI = 'true';
process.on('exit', () => rmSync(copy, { recursive: true, force: true }));
process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));

copyRepository();
let silent = 0;
for (const plant of plants.filter(({ gate }) => wanted.length === 0 || wanted.includes(gate))) {
  const gate = [...gates, testGate].find(({ name }) => name === plant.gate);
  const missing = await missingIn(gate, plant);
  silent += missing.length;
  const count = plant.expects.length + (plant.quiet?.length ?? 0);
  console.log(
    `${missing.length === 0 ? 'fired' : 'SILENT'}  ${plant.gate.padEnd(10)} ${plant.about} (${count - missing.length} of ${count})`,
  );
  for (const what of missing) console.log(`        ${what}`);
}
const unproven = gates.filter(({ name }) => !plants.some(({ gate }) => gate === name));
for (const { name } of unproven) console.log(`SILENT  ${name.padEnd(10)} nothing is planted for this gate`);
if (silent + unproven.length > 0) process.exitCode = 1;

/** Returns what the gate should have reported about the plant but did not, and what it should not have reported. */
async function missingIn(gate, plant) {
  const undo = Object.entries(plant.files ?? {}).map(([name, content]) => write(name, content));
  if (plant.commits !== undefined) undo.push(commit(plant.commits));
  try {
    const { passed, output } = await runGate(gate, copy);
    if (passed) return ['the gate passed', ...plant.expects.map(String)];
    if (process.env.PLANTED_VERBOSE) console.log(output);
    const unsaid = plant.expects.filter((pattern) => !pattern.test(output)).map((pattern) => `not reported: ${pattern}`);
    const said = (plant.quiet ?? []).filter((pattern) => pattern.test(output)).map((pattern) => `a false alarm: ${pattern}`);
    return [...unsaid, ...said];
  } finally {
    for (const restore of undo) restore();
  }
}

/** Writes a file, given as its text or as a change of its text. @returns a function that reverts it. */
function write(name, content) {
  const path = join(copy, name);
  const before = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof content === 'function' ? content(before ?? '') : content);
  return () => (before === undefined ? rmSync(path) : writeFileSync(path, before));
}

/** Makes an empty commit with each message. The copy has no other commits. @returns a function that removes them. */
function commit(messages) {
  for (const message of messages) {
    execFileSync(
      'git',
      [
        '-c',
        'user.name=planted',
        '-c',
        'user.email=planted@example.invalid',
        'commit',
        '--quiet',
        '--allow-empty',
        '--message',
        message,
      ],
      { cwd: copy },
    );
  }
  return () => execFileSync('git', ['update-ref', '-d', 'HEAD'], { cwd: copy });
}

/** Copies what git tracks or would add, and the installed packages, whose workspace links then lead into the copy. */
function copyRepository() {
  const names = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  for (const name of names.split('\0')) {
    if (name === '' || !existsSync(join(root, name))) continue;
    cpSync(join(root, name), join(copy, name), { recursive: true, verbatimSymlinks: true });
  }
  execFileSync('cp', ['-a', join(root, 'node_modules'), copy]);
  execFileSync('git', ['init', '--quiet'], { cwd: copy });
}
