/**
 * The cost of an import at the start of a process. Method: whole processes of `node`, each running one file, in 31 rounds (peers:
 * 7) in a rotating order; a round's cost is the time from the start of a process to its exit, less that of the empty file in the
 * same round. The median of the rounds counts, in milliseconds and as a ratio to a bare start.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { median } from './support/compare.mjs';
import { peerProject, sdkProject } from './support/installed.mjs';
import { report } from './support/report.mjs';

const ROUNDS = 31;
/** Fewer, because square takes more than a second. */
const PEER_ROUNDS = 7;
const WARM_UP_ROUNDS = 2;
const scratch = mkdtempSync(join(tmpdir(), 'webpos-bench-import-'));
const starts = [{ name: 'node, an empty file', file: write(scratch, 'empty.mjs', '') }];
add('@webpos/sdk', sdkProject, 'sdk.mjs', "import '@webpos/sdk';", 10);
add('@webpos/sdk, required', sdkProject, 'sdk.cjs', "require('@webpos/sdk');", 10);
add('@webpos/sdk/callbacks', sdkProject, 'callbacks.mjs', "import '@webpos/sdk/callbacks';", 10);
for (const name of ['stripe', 'openai', 'square', 'standardwebhooks'])
  add(name, peerProject(name), `import-${name}.mjs`, `import '${name}';`);

const times = starts.map(() => []);
for (let round = 0; round < ROUNDS + WARM_UP_ROUNDS; round += 1)
  for (let index = 0; index < starts.length; index += 1) {
    const chosen = (index + round) % starts.length;
    const { file, targetMs } = starts[chosen];
    const isPeer = chosen > 0 && targetMs === undefined;
    if (!isPeer || round < PEER_ROUNDS + WARM_UP_ROUNDS) times[chosen].push(startMs(file));
  }
rmSync(scratch, { recursive: true, force: true });

const bare = times[0].slice(WARM_UP_ROUNDS);
const bareMs = median(bare);
for (const [index, { name, targetMs }] of starts.entries()) {
  if (index === 0) continue;
  const overMs = median(times[index].slice(WARM_UP_ROUNDS).map((time, round) => time - bare[round]));
  const goal = targetMs === undefined ? undefined : { target: `<= ${targetMs} ms`, met: overMs <= targetMs };
  report(`${name}, over a bare start`, `${overMs.toFixed(1)} ms`, goal);
  report('  a start with it over a bare one', `${((bareMs + overMs) / bareMs).toFixed(2)} x`);
}

function add(name, project, file, text, targetMs) {
  if (project !== undefined) starts.push({ name, file: write(project, file, text), targetMs });
}

function write(folder, name, text) {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function startMs(file) {
  const startedAt = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [file], { stdio: ['ignore', 'ignore', 'pipe'] });
  if (status !== 0) throw new Error(`node ${file}: exit code ${status}: ${String(stderr).slice(0, 500)}`);
  return performance.now() - startedAt;
}
