#!/usr/bin/env node
/**
 * Checks the messages of commits: an imperative subject of at most 72 characters that begins with a capital, without a full stop
 * or a prefix, then an empty line. Commits up to FIRST_AFTER predate this rule and are not checked.
 *
 * In a shallow clone, or after a rewrite of history, FIRST_AFTER is missing: then commits dated after it are checked. Without any
 * history, as in a downloaded archive, nothing is checked. Both are reported.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import process from 'node:process';

const FIRST_AFTER = { commit: '9996efd2089958e3fb751f613fb1cc09ea56460a', date: '2026-11-24T04:44:56Z' };
const MAX_SUBJECT_LENGTH = 72;

/** Imperatives that look like another form of a verb. */
const IMPERATIVES = /^(?:bring|string|ping|swing|feed|seed|embed|speed|shed|heed|need|exceed|proceed|succeed|focus|alias|bias)$/i;

if (!hasHistory()) {
  console.log('note: no git history here, so no commit messages were checked');
} else {
  for (const { hash, message } of commits()) {
    for (const problem of problemsOf(message)) {
      console.error(`${hash.slice(0, 10)} ${JSON.stringify(message.split('\n')[0])}: ${problem}`);
      process.exitCode = 1;
    }
  }
}

/** Returns whether this folder is the root of a git repository with a commit, and not a folder inside another repository. */
function hasHistory() {
  const top = git('rev-parse', '--show-toplevel');
  if (top === null || realpathSync(top.trim()) !== realpathSync(process.cwd())) {
    if (existsSync('.git')) throw new Error('there is a .git here, but git cannot read it: run git status');
    return false;
  }
  return git('rev-parse', '--verify', '--quiet', 'HEAD') !== null;
}

function commits() {
  const { commit, date } = FIRST_AFTER;
  const known = git('merge-base', '--is-ancestor', commit, 'HEAD') !== null;
  if (!known) console.log(`note: commit ${commit.slice(0, 10)} is not in this history, so commits after ${date} were checked`);
  const range = known ? [`${commit}..HEAD`] : [`--since=${date}`, 'HEAD'];
  const log = git('log', '--no-merges', '-z', '--format=%H%n%B', ...range);
  if (log === null) throw new Error('git log failed');
  return log
    .split('\0')
    .filter((entry) => entry !== '')
    .map((entry) => ({ hash: entry.slice(0, entry.indexOf('\n')), message: entry.slice(entry.indexOf('\n') + 1).trimEnd() }));
}

function problemsOf(message) {
  const [subject = '', blank = ''] = message.split('\n');
  const [verb = ''] = subject.split(' ');
  const problems = [];
  if (subject.length > MAX_SUBJECT_LENGTH)
    problems.push(`the subject has ${subject.length} characters, expected at most ${MAX_SUBJECT_LENGTH}`);
  if (/^[\w/().-]+!?:(?:\s|$)/.test(subject)) problems.push('expected no prefix before the subject');
  else if (/^(?:WIP|wip)\b|^(?:fixup|squash|amend)!/.test(subject)) problems.push('expected a finished commit');
  else if (!/^\p{Lu}/u.test(subject)) problems.push('expected a subject that begins with a capital');
  else if (/(?:ed|ing|[^s]s)$/.test(verb) && !IMPERATIVES.test(verb))
    problems.push(`expected an imperative, such as "Add", got "${verb}"`);
  if (/[.!]$/.test(subject)) problems.push('expected no full stop after the subject');
  if (blank !== '') problems.push('expected an empty line after the subject');
  return problems;
}

/** Returns git's output; null if git fails. */
function git(...args) {
  try {
    return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 2 ** 26 });
  } catch (error) {
    if (error.code === 'ENOENT') throw new Error('git is not installed', { cause: error });
    return null;
  }
}
