#!/usr/bin/env node
/**
 * Looks for words that must not be in the repository: paths and addresses of one machine, notes to self, disabled tests. It reads
 * every text file that git tracks or would add.
 *
 * A line that needs such a word gives the reason in a comment: `words-ok: the reason`.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import process from 'node:process';

const TEST_FILE = /\.test\.[cm]?[jt]sx?$/;
const LOCK_FILE = /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml)$/;

/** A path starts where no name, variable or host precedes it, so that `$out/root/` and `https://host/work/` are fine. */
const PATH_START = String.raw`(?<![\w.\-\/$}\])*~@%\\])`;

/** The names of a machine's owner and users mean nothing to a reader. `/tmp`, `/usr` and the like are the same everywhere. */
const MACHINE_PATH = new RegExp(
  `${PATH_START}(?:/(?:work|root|mnt|media)/[\\w.]|/(?:home|Users)/[A-Za-z_]|[A-Z]:\\\\{1,2}(?:Users|Documents)\\b)`,
);

const REGISTRY_HOSTS = [
  String.raw`registry\.npmjs\.(?:org|com)`,
  String.raw`registry\.yarnpkg\.com`,
  String.raw`registry\.npmmirror\.com`,
  String.raw`npm\.pkg\.github\.com`,
  String.raw`npm\.jsr\.io`,
  String.raw`pypi\.org\/simple`,
  String.raw`files\.pythonhosted\.org`,
  String.raw`(?:index|static)\.crates\.io`,
  String.raw`proxy\.golang\.org`,
  String.raw`repo1?\.maven\.(?:apache\.)?org`,
];

/** @type {{ what: string, in?: RegExp, finds: (line: string, lineBefore: string) => boolean }[]} */
const rules = [
  { what: 'a path of one machine', finds: (line) => MACHINE_PATH.test(line) },
  { what: "a package registry's host", finds: matches(new RegExp(String.raw`(?<![\w-])(?:${REGISTRY_HOSTS.join('|')})`, 'i')) },
  {
    what: 'a registry of its own',
    in: /(?:^|\/)\.(?:npmrc|yarnrc(?:\.yml)?)$/,
    finds: matches(/^\s*(?:@[\w-]+:)?registry\s*=|npmRegistryServer/),
  },
  { what: 'a download address in a lock file', in: LOCK_FILE, finds: matches(/"?resolved"?:?\s+"?(?:https?|git)[:+]/) },
  { what: 'a note to self', finds: matches(/\b(?:TO[D]O|FIX[M]E)\b/) },
  { what: 'a test that excludes all others', in: TEST_FILE, finds: matches(/\.only(?:\s*\(|\.)/) },
  { what: 'a test that is not written', in: TEST_FILE, finds: matches(/\.todo\s*\(/) },
  { what: 'a disabled test without a reason (add `// skip: why`)', in: TEST_FILE, finds: skipsSilently },
];

const problems = [];
for (const file of textFiles()) problems.push(...problemsOf(file));
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;

function textFiles() {
  const names = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  return names.split('\0').filter((name) => name !== '' && statSync(name, { throwIfNoEntry: false })?.isFile());
}

function problemsOf(file) {
  const bytes = readFileSync(file);
  if (bytes.subarray(0, 8192).includes(0)) return [];
  const lines = bytes.toString('utf8').split('\n');
  const applying = rules.filter((rule) => rule.in === undefined || rule.in.test(file));
  return lines.flatMap((line, index) =>
    /words-ok: \S/.test(line)
      ? []
      : applying
          .filter((rule) => rule.finds(line, lines[index - 1] ?? ''))
          .map((rule) => `${file}:${index + 1}: ${rule.what}: ${line.trim().slice(0, 120)}`),
  );
}

function matches(pattern) {
  return (line) => pattern.test(line);
}

/** `test.skip`, `skipIf` and `runIf` need a comment; `context.skip(...)` takes its reason as an argument. */
function skipsSilently(line, lineBefore) {
  const saysWhy = [line, lineBefore].some((text) => /\/\/ skip: \S/.test(text));
  if (saysWhy) return false;
  if (/\.(?:skipIf|runIf)\s*\(/.test(line)) return true;
  // Byte readers have a `skip` too, so only the names of test functions count.
  return (
    /(?<![\w$.])(?:test|it|describe|suite|bench)\.skip(?:\s*\(|\.)/.test(line) ||
    /(?<![\w$.])(?:context|ctx|task|t)\.skip\s*\(\s*\)/.test(line)
  );
}
