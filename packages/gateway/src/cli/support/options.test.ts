import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runWebpos, type Run } from '../../../test/support/run-webpos.ts';
import { COMMANDS } from '../commands.ts';
import { readOptions } from './options.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'webpos-options-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const webpos = (words: readonly string[]): Promise<Run> => runWebpos(folder, words);
const UUID = '00000000-0000-4000-8000-000000000000';

describe('an option value that begins with a hyphen', () => {
  const options = [...COMMANDS].flatMap(([command, help]) =>
    Object.entries(help.options).flatMap(([option, about]) => ('value' in about ? [[command, option] as const] : [])),
  );

  it.each(options)('is the value in webpos %s --%s -5', async (command, option) => {
    const { err } = await webpos([...command.split(' '), `--${option}`, '-5']);
    expect(err).not.toContain(`--${option}: expected a value, got nothing`);
    expect(err).not.toContain('an option');
  });

  it('is accepted by many options', () => expect(options.length).toBeGreaterThan(40));

  it.each([
    [['account', 'skip', '--account', UUID, '--to', '-5'], '--to: expected a whole number from 1 to 2147483647, got "-5"'],
    [['account', 'create', '--name', 'W', '--xpub', 'x', '--first-index', '-5'], /--first-index: expected a whole .*, got "-5"/],
    [['pos', 'update', '--pos', UUID, '--tolerance', '-1'], /--tolerance: expected a percentage from 0.01 .*, got "-1"/],
    [['pos', 'update', '--pos', UUID, '--tolerance-sats', '-1'], /--tolerance-sats: expected a whole number .*, got "-1"/],
    [['pos', 'update', '--pos', UUID, '--spread', '-0.5'], /--spread: expected a percentage from 0 .*, got "-0.5"/],
    [['pos', 'update', '--pos', UUID, '--required-confirmations', '-1'], /--required-confirmations: expected .*, got "-1"/],
    [['pos', 'update', '--pos', UUID, '--type', '-x'], '--type: expected web or mobile, got "-x"'],
    [['chain', 'restart-at', '--height', '-1'], /--height: expected a whole number .*, got "-1"/],
    [['order', 'list', '--limit', '-1'], '--limit: expected a whole number from 1 to 1000, got "-1"'],
    [['order', 'list', '--limit=-1'], '--limit: expected a whole number from 1 to 1000, got "-1"'],
    [['order', 'list', '--since', '-5'], /--since: expected a time such as .*, got "-5"/],
    [['order', 'list', '--pos', '-5'], '--pos: expected the UUID of a POS, got "-5"'],
    [['order', 'show', '-5'], 'expected the UUID of an order, got "-5"'],
    [['panel', 'token', '--days', '-1'], /--days: expected a whole number .*, got "-1"/],
    [['serve', '-5'], 'expected options that begin with --, got the argument "-5"'],
    [['serve', '-v'], 'expected options that begin with --, got one with a single hyphen'],
  ])('is named in the error with what was expected: %j', async (words, message) => {
    const { status, err } = await webpos(words);
    expect(status).toBe(2);
    expect(err).toMatch(message);
  });
});

it.each([
  [['account', 'skip', '--acount', UUID], 'unknown option --acount (did you mean --account?)'],
  [['order', 'list', '--needs'], 'unknown option --needs (did you mean --needs-attention?)'],
  [['order', 'list', '--Limit', '3'], 'unknown option --Limit (did you mean --limit?)'],
  [['order', 'list', '--colour=red'], /unknown option --colour$/],
  [['pos', 'create', `--${'k'.repeat(60)}`], /unknown option$/],
  [['pos', 'creat'], 'unknown command "pos creat" (did you mean pos create?)'],
  [['dcotor'], 'unknown command "dcotor" (did you mean doctor?)'],
  [['tea'], /unknown command "tea"$/m],
])('the error for %j suggests what was probably meant', async (words, message) => {
  const { status, err } = await webpos(words);
  expect(status).toBe(2);
  expect(err).toMatch(message);
});

const TWO_OPTIONS = { to: { value: 'N', text: '', allowed: '' }, from: { value: 'N', text: '', allowed: '' } };

it('a word after two hyphens alone is an argument', () => {
  const help = { options: {}, argument: { name: 'FOLDER', text: '' } };
  expect(readOptions(['--', '--odd'], help).path('a folder')).toBe('--odd');
});

it('an option before another option or at the end has no value', () => {
  expect(() => readOptions(['--to', '--from', '3'], { options: TWO_OPTIONS })).toThrow('--to: expected a value, got nothing');
  expect(() => readOptions(['--to'], { options: TWO_OPTIONS })).toThrow('--to: expected a value, got nothing');
});
