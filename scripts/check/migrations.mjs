#!/usr/bin/env node
/**
 * Released migrations never change: existing databases have run them, and would silently differ from new ones. `released.json`
 * next to them holds the SHA-256 of each; `npm run freeze:migrations` adds those of a release. A migration imports nothing but
 * Kysely, because otherwise its behaviour could change without its file.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import process from 'node:process';

const FOLDER = 'packages/gateway/src/store/sql/migrations';
const released = JSON.parse(readFileSync(`${FOLDER}/released.json`, 'utf8'));
const files = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.ts'))
  .sort();
const registered = readFileSync(`${FOLDER}/../migrate.ts`, 'utf8');

const problems = [];
for (const [name, hash] of Object.entries(released)) {
  if (!files.includes(name)) problems.push(`${name} has been released, but is missing`);
  else if (
    createHash('sha256')
      .update(readFileSync(`${FOLDER}/${name}`))
      .digest('hex') !== hash
  )
    problems.push(`${name} has been released and must not change: revert it, and write a new migration`);
}
for (const name of files) {
  if (!/^\d{4}-[a-z\d-]+\.ts$/.test(name)) problems.push(`${name}: expected a name such as 0002-what-it-adds.ts`);
  if (!registered.includes(`./migrations/${name}`)) problems.push(`${name} is not among the migrations of migrate.ts`);
  if (/\bfrom '(?!kysely')/.test(readFileSync(`${FOLDER}/${name}`, 'utf8')))
    problems.push(`${name} may import nothing but kysely`);
}
for (const problem of problems) console.error(`${FOLDER}: ${problem}`);
if (problems.length > 0) process.exitCode = 1;
