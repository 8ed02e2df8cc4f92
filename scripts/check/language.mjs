#!/usr/bin/env node
/**
 * Checks the project's language: fails on names and phrases that `docs/glossary.md` rules out. Ordinary words, such as "keep" or
 * "most", stay legal in prose, where a reader decides.
 *
 * Released migrations keep their names, and so does the glossary, which quotes the words.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import process from 'node:process';

const TEXT_FILE = /\.(?:[cm]?[jt]sx?|css|md)$/;
const EXEMPT = /^(?:docs\/glossary\.md|scripts\/check\/)|\/(?:store\/sql\/migrat|test\/schemas\/)/;

/** @type {{ what: string, pattern: RegExp }[]} */
const rules = [
  {
    what: 'begin a bound with MAX_ or MIN_, and a default with DEFAULT_',
    pattern: /\b(?:MOST|LEAST|LONGEST|USUAL|DEEPEST)_[A-Z]/,
  },
  { what: 'write reported or notified', pattern: /\b[a-z]\w*Told\b|\btold[A-Z]/ },
  { what: 'write cached', pattern: /\b\w+AtHand\b|\bAtHand\b|\batHand\b/ },
  { what: 'write pool, prefetched or look-ahead', pattern: /\b(?!\w*(?:[Ll]ook|[Ww]rite)Ahead)\w+Ahead\b/ },
  { what: 'write outcomes', pattern: /\bEndsTo[A-Z]/ },
  { what: 'write output, excerpt or message', pattern: /\b(?:const|let|readonly) said\b/ },
  { what: 'write "does not exist"', pattern: /\bthat there is not\b/i },
  { what: 'write "none exists", "invalid" or "unknown"', pattern: /\b(?:is|are) none\b/i },
  { what: 'write reported or notified', pattern: /\btold of\b/i },
  { what: 'write "anyone who", or name the person', pattern: /\bwhoever\b/i },
  { what: 'write expired, revoked or invalid', pattern: /\bgood no more\b/i },
  { what: 'write "decided by" or "about"', pattern: /\bthe matter of\b/i },
];

for (const file of textFiles()) {
  for (const [index, line] of readFileSync(file, 'utf8').split('\n').entries()) {
    for (const { what, pattern } of rules) {
      const found = pattern.exec(line);
      if (found === null) continue;
      console.error(`${file}:${index + 1}: ${JSON.stringify(found[0])}: ${what}`);
      process.exitCode = 1;
    }
  }
}

function textFiles() {
  const names = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  return names
    .split('\0')
    .filter((name) => TEXT_FILE.test(name) && !EXEMPT.test(name) && statSync(name, { throwIfNoEntry: false })?.isFile());
}
