/**
 * Every sample in TypeScript or JavaScript compiles as it is on its page, and does what the page says: each becomes a program
 * with what `programs.ts` adds before and after it, and runs against a sandbox gateway.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testKey } from '../../packages/gateway/test/support/test-gateway.ts';
import { createShop } from '../../scripts/support/create-shop.ts';
import { freePorts } from '../support/free-ports.ts';
import { openSandboxGateway, type SandboxGateway } from '../support/sandbox-gateway.ts';
import { PROGRAMS, SHOWN_ELSEWHERE } from './programs.ts';
import { readSamples, type Sample } from './read-samples.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const RUN_HERE = ['ts', 'tsx', 'js', 'mjs'];
const samples = readSamples();
const isShownElsewhere = ({ language, place }: Sample): boolean =>
  SHOWN_ELSEWHERE.some(({ samples: which }) => which.test(`${language} ${place}`));
const programs = samples.filter((sample) => RUN_HERE.includes(sample.language) && !isShownElsewhere(sample));

/** Inside the repository, so that packages resolve by name. */
let folder: string;
let sandbox: SandboxGateway;
let environment: Record<string, string>;
/** The port of the samples' shops, instead of 8081. */
let shopPort: number;
beforeAll(async () => {
  await mkdir(join(ROOT, '.samples'), { recursive: true });
  folder = await mkdtemp(join(ROOT, '.samples', 'run-'));
  sandbox = await openSandboxGateway({ WEBPOS_RATES: 'fixed:EUR=60000', WEBPOS_DANGEROUSLY_ALLOW_PRIVATE_CALLBACKS: 'true' });
  environment = await openPos(sandbox);
  [shopPort = 0] = await freePorts(1);
});
afterAll(async () => {
  await sandbox?.[Symbol.asyncDispose]();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

/** Opens a POS at the gateway. @returns the environment of its shop. */
async function openPos({ gateway }: SandboxGateway): Promise<Record<string, string>> {
  const { credentials } = await createShop(gateway, { name: 'Web shop', wallet: { xpub: testKey(1) } });
  await gateway.caughtUp(AbortSignal.timeout(60_000));
  return {
    PATH: process.env['PATH'] ?? '',
    WEBPOS_URL: gateway.url,
    WEBPOS_CLIENT_ID: credentials.clientId,
    WEBPOS_SECRET: credentials.secret,
  };
}

/** Returns the program of a sample. */
function programOf({ place, code }: Sample): string {
  const { before = '', after = '' } = PROGRAMS[place] ?? {};
  return `${before}\n${code}\n${after}\nexport {};\n`;
}

/** Replaces the addresses in samples by those of this gateway. */
function atThisGateway(program: string): string {
  return program
    .replaceAll("'http://127.0.0.1:8080'", "process.env['WEBPOS_URL']!")
    .replaceAll('127.0.0.1:8081', `127.0.0.1:${shopPort}`)
    .replaceAll('.listen(8081)', `.listen(${shopPort}, '127.0.0.1')`)
    .replaceAll(/mode: 'live',|baseUrl: 'https:\/\/pay\.example(\.com)?'/g, (found) =>
      found.startsWith('mode') ? "mode: 'sandbox'," : "baseUrl: process.env['WEBPOS_URL']!",
    );
}

const fileOf = (sample: Sample): string =>
  join(folder, `${sample.place.replace(/[^a-z0-9]+/gi, '-')}.${sample.language === 'mjs' ? 'mjs' : 'ts'}`);

describe('the samples of the pages', () => {
  it('run here, or are tested elsewhere, as the list for their language and page says', () => {
    const unknown = samples.filter((sample) => !RUN_HERE.includes(sample.language) && !isShownElsewhere(sample));
    expect(unknown.map(({ place, language }) => `${language} ${place}`)).toEqual([]);
  });

  it('exist for every program', () => {
    const places = programs.map(({ place }) => place);
    expect(Object.keys(PROGRAMS).filter((place) => !places.includes(place))).toEqual([]);
  });

  it('compile', async () => {
    const files = new Map<string, string>();
    for (const sample of programs) {
      const file = fileOf(sample);
      files.set(file, sample.place);
      await writeFile(file, programOf(sample));
    }
    const { options } = ts.parseJsonConfigFileContent(
      ts.readConfigFile(join(ROOT, 'tsconfig.base.json'), (path) => ts.sys.readFile(path)).config,
      ts.sys,
      ROOT,
    );
    // A sample may declare names that only the text after it uses, and exports no types.
    const loose = {
      noUnusedLocals: false,
      noUnusedParameters: false,
      noPropertyAccessFromIndexSignature: false,
      isolatedDeclarations: false,
      declaration: false,
    };
    const program = ts.createProgram([...files.keys()], {
      ...options,
      ...loose,
      lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
      allowJs: true,
    });
    const wrong = ts
      .getPreEmitDiagnostics(program)
      .map(
        ({ file, start, messageText }) =>
          `${files.get(file?.fileName ?? '') ?? file?.fileName}:${(file?.getLineAndCharacterOfPosition(start ?? 0).line ?? 0) + 1} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
      );
    expect(wrong).toEqual([]);
  }, 240_000);

  it.each(programs.map((sample) => [sample.place, sample] as const))(
    'include %s, which does what the page says',
    async (place, sample) => {
      const program = PROGRAMS[place];
      if (program === undefined) throw new Error(`${place}: expected a program in programs.ts for this sample, got none`);
      const file = fileOf(sample).replace(/\.(\w+)$/, '.run.$1');
      await writeFile(file, atThisGateway(programOf(sample)));
      const { stdout } = await run(process.execPath, ['--conditions=webpos-source', '--import', 'tsx', file], {
        cwd: ROOT,
        env: environment,
        timeout: 60_000,
      });
      expect(stdout).toMatch(program.prints);
    },
    90_000,
  );
});
