/** The harness finds each planted bug: played with PLANTED=all, which takes minutes. The edits that plant them are always checked. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { bundlePrograms, type BundledPrograms } from '../support/bundle-programs.ts';
import type { Programs } from './programs.ts';
import { findPrograms } from './find-programs.ts';
import { PLANTS } from './planted.ts';
import { play } from './play.ts';
import { PROGRAM_SOURCES } from './program-sources.ts';

const GATEWAY = fileURLToPath(new URL('../..', import.meta.url));
/** Each round is likely to show it. */
const MAX_ROUNDS = 4;

let found: Omit<Programs, 'bundle'> | undefined;
let bundle: BundledPrograms | undefined;
beforeAll(async () => {
  found = await findPrograms('packages/gateway/test/cluster/planted.test.ts');
});
afterEach(async () => {
  await bundle?.[Symbol.asyncDispose]();
  bundle = undefined;
});

test.for(PLANTS)('the edits for $name are of lines that exist', async ({ edits }) => {
  for (const { file, from } of edits) expect(await readFile(join(GATEWAY, file), 'utf8')).toContain(from);
});

test.for(process.env['PLANTED'] === 'all' ? PLANTS : [])(
  'finds $name',
  { timeout: 600_000 },
  async ({ edits, deck, saying }, context) => {
    if (found === undefined) return context.skip('PostgreSQL, PgBouncer or a Bitcoin node is missing');
    bundle = await bundlePrograms('planted', PROGRAM_SOURCES, edits);
    const lines: string[] = [];
    const { violations } = await play({
      programs: { ...found, bundle: bundle.folder },
      gateways: 3,
      seed: 1,
      rounds: MAX_ROUNDS,
      deck,
      patienceMs: 5_000,
      print: (line) => void lines.push(line),
    });
    expect(violations, lines.join('\n')).toContainEqual(expect.stringMatching(saying));
  },
);
