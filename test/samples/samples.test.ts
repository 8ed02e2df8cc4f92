/**
 * Every sample of a page in TypeScript or JavaScript compiles as it stands there, and does what the page says: each is written into a
 * program with what `programs.ts` puts before and after it, and run against a sandbox gateway.
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

/** Inside the repository, where packages are found by their names. */
let folder: string;
let sandbox: SandboxGateway;
let environment: Record<string, string>;
/** Where the samples' shops listen, instead of 8081. */
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

/** A POS of the gateway, and the environment that its shop runs in. */
async function openPos({ gateway }: SandboxGateway): Promise<Record<string, string>> {
  const { credentials } = await createShop(gateway, { name: 'Web shop', wallet: { xpub: testKey(1) } });
  await gateway.caughtUp(AbortSignal.timeout(30_000));
  return {
    PATH: process.env['PATH'] ?? '',
    WEBPOS_URL: gateway.url,
    WEBPOS_CLIENT_ID: credentials.clientId,
    WEBPOS_SECRET: credentials.secret,
  };
}

/** The program that a sample is part of. */
function programOf({ place, code }: Sample): string {
  const { before = '', after = '' } = PROGRAMS[place] ?? {};
  return `${before}\n${code}\n${after}\nexport {};\n`;
}

/** The addresses in samples are those of a reader's gateway; here they are this one's. */
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
  it('are run, or shown to work by the test that is named for their language and page', () => {
    const unknown = samples.filter((sample) => !RUN_HERE.includes(sample.language) && !isShownElsewhere(sample));
    expect(unknown.map(({ place, language }) => `${language} ${place}`)).toEqual([]);
  });

  it('are all there that a program was written for', () => {
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
    // A page's sample leaves names over for what follows it, and declares no types for export.
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
  }, 120_000);

  it.each(programs.map((sample) => [sample.place, sample] as const))(
    '%s does what the page says',
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
