#!/usr/bin/env node
/**
 * Checks that links in Markdown lead to a file and to a heading in it, that paths in Markdown exist (those below `packages/` also
 * without that part, as in `gateway/src/main.ts`), and that the documents named in the sources exist (`docs/settings.md`,
 * `docs/adr/0007`).
 *
 * Links in code and links to other sites are not checked, and neither are paths with a `*` and paths that git ignores, such as
 * `packages/sdk/dist`.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { posix } from 'node:path';
import process from 'node:process';

const SOURCE = /\.(?:[cm]?[jt]sx?|jsonc|css|html|ya?ml|sh)$/;
const LINK = /\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g;
const DEFINITION = /^\s*\[[^\]]+\]:\s+<?([^\s>]+)>?/;
const HTML_LINK = /<(?:a|img|source)\s[^>]*?(?:href|src|srcset)="([^"]+)"/g;
const NAME = String.raw`(?:[\w.@*-]|\{[\w.,@-]+\})+`;
const WHOLE_PATH = new RegExp(String.raw`(?<![\w./@{}*-])(?:bench|docs|e2e|examples|packages|scripts)/${NAME}(?:/${NAME})*`, 'g');
const SHORT_PATH = new RegExp(String.raw`(?<=\`)(?:${packageNames().join('|')})/(?:src|test)/${NAME}(?:/${NAME})*`, 'g');
const DOCUMENT = /(?<![\w./-])docs\/(?:adr\/\d{4}(?![\w-])|[\w./-]+\.md\b)/g;

const files = trackedFiles();
const paths = new Set(files.flatMap((file) => [file, ...foldersOf(file)]));
/** @type {Map<string, ReadonlySet<string>>} */
const headings = new Map();

for (const file of files) {
  const isMarkdown = file.endsWith('.md');
  if (!isMarkdown && !SOURCE.test(file)) continue;
  const lines = readFileSync(file, 'utf8').split('\n');
  const proseLines = isMarkdown ? withoutCode(lines) : [];
  lines.forEach((line, index) => {
    const problems = isMarkdown
      ? [...linksIn(proseLines[index]).map((link) => problemOfLink(file, link)), ...pathsIn(line).map(problemOfPath)]
      : documentsIn(line).map(problemOfDocument);
    for (const problem of problems.filter((found) => found !== undefined)) {
      console.error(`${file}:${index + 1}: ${problem}`);
      process.exitCode = 1;
    }
  });
}

function trackedFiles() {
  const names = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  return [...new Set(names.split('\0'))].filter((name) => name !== '' && statSync(name, { throwIfNoEntry: false })?.isFile());
}

function packageNames() {
  return readdirSync('packages', { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}

function foldersOf(file) {
  const parts = file.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

/** Blanks code, fenced and inline, in the lines of a file. */
function withoutCode(lines) {
  let fence = null;
  return lines.map((line) => {
    const mark = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence !== null) {
      if (mark?.startsWith(fence)) fence = null;
      return '';
    }
    if (mark === undefined) return line.replaceAll(/(`+)(?!`).*?[^`]\1(?!`)/g, (code) => 'x'.repeat(code.length));
    fence = mark;
    return '';
  });
}

function linksIn(line) {
  const definition = DEFINITION.exec(line)?.[1];
  const found = [...line.matchAll(LINK), ...line.matchAll(HTML_LINK)].map(([, target]) => target);
  return definition === undefined ? found : [...found, definition];
}

function pathsIn(line) {
  const whole = [...line.matchAll(WHOLE_PATH)].map(([path]) => path);
  const short = [...line.matchAll(SHORT_PATH)].map(([path]) => `packages/${path}`);
  return [...whole, ...short].map((path) => path.replace(/[.]+$/, '')).flatMap(alternativesOf);
}

/** Expands alternatives: `a/{b,c}` is `a/b` and `a/c`. */
function alternativesOf(path) {
  const braces = /\{([^}]*)\}/.exec(path);
  if (braces === null) return [path];
  return braces[1].split(',').flatMap((part) => alternativesOf(path.replace(braces[0], part)));
}

function documentsIn(line) {
  return [...line.matchAll(DOCUMENT)].map(([path]) => path);
}

function problemOfLink(file, link) {
  if (/^(?:[a-z][a-z\d+.-]*:|\/\/)/i.test(link)) return undefined;
  const [path = '', heading] = decodeURIComponent(link).split('#');
  const target = path === '' ? file : posix.join(posix.dirname(file), path).replace(/\/$/, '');
  if (!exists(target)) return `the link leads to no file: ${link}`;
  if (heading === undefined || !target.endsWith('.md')) return undefined;
  return headingsOf(target).has(heading) ? undefined : `the link leads to no heading of ${target}: ${link}`;
}

function problemOfPath(path) {
  return path.includes('*') || exists(path) ? undefined : `no such path: ${path}`;
}

function problemOfDocument(path) {
  const found = /\d{4}$/.test(path) ? files.some((file) => file.startsWith(`${path}-`)) : exists(path);
  return found ? undefined : `no such document: ${path}`;
}

function exists(path) {
  return paths.has(path) || path === '.' || isIgnored(path);
}

function isIgnored(path) {
  try {
    execFileSync('git', ['check-ignore', '--quiet', path]);
    return true;
  } catch (error) {
    if (error.status === 1 || error.status === 128) return false;
    throw error;
  }
}

/** Returns the anchors of a file, as GitHub derives them from its headings, and those that it states itself. */
function headingsOf(file) {
  const known = headings.get(file);
  if (known !== undefined) return known;
  const found = new Set();
  const lines = readFileSync(file, 'utf8').split('\n');
  const isProse = withoutCode(lines).map((line, index) => line !== '' || lines[index] === '');
  lines.forEach((line, index) => {
    if (!isProse[index]) return;
    for (const [, id] of line.matchAll(/<\w+\s[^>]*?(?:id|name)="([^"]+)"/g)) found.add(id);
    const text = /^#{1,6}\s+(.*?)\s*#*$/.exec(line)?.[1];
    if (text === undefined) return;
    const anchor = anchorOf(text);
    let unique = anchor;
    for (let count = 1; found.has(unique); count += 1) unique = `${anchor}-${count}`;
    found.add(unique);
  });
  headings.set(file, found);
  return found;
}

function anchorOf(heading) {
  return heading
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-');
}
