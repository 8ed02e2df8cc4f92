#!/usr/bin/env node
/**
 * Checks that Markdown prose has one sentence per line, so that a diff shows the sentences that changed. A line must not hold two
 * sentences, and must not break inside one. Code, tables, headings, HTML and block quotes are not checked.
 *
 *   node scripts/check/markdown.mjs                       checks every file that git tracks or would add
 *   node scripts/check/markdown.mjs --write [FILE...]     rewrites the line breaks
 *
 * The end of a sentence is a guess. Where it is uncertain (after "etc.", before a digit or a lower-case letter), the line may
 * break or continue.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import process from 'node:process';

const ABBREVIATIONS = ['al', 'approx', 'ca', 'cf', 'e.g', 'etc', 'fig', 'i.e', 'incl', 'no', 'p', 'pp', 'resp', 'sec', 'vs'];
const ENDS_IN_ABBREVIATION = new RegExp(String.raw`(?:^|[\s(\["'])(?:${ABBREVIATIONS.map(escape).join('|')}|[A-Z])\.$`, 'i');

const [option, ...named] = process.argv.slice(2);
if (option !== undefined && option !== '--write') {
  console.error(`markdown: unknown option ${option}; there is --write [FILE...]`);
  process.exit(2);
}
const files = named.length > 0 ? named : markdownFiles();
for (const file of files) {
  const text = readFileSync(file, 'utf8');
  const lines = text.split('\n');
  const paragraphs = paragraphsOf(lines);
  if (option === '--write') {
    for (const paragraph of paragraphs.reverse()) lines.splice(paragraph.start, paragraph.parts.length, ...laidOut(paragraph));
    const written = lines.join('\n');
    if (written !== text) writeFileSync(file, written);
    continue;
  }
  for (const { line, problem } of paragraphs.flatMap(problemsOf)) {
    console.error(`${file}:${line}: ${problem}: ${lines[line - 1].trim().slice(0, 100)}`);
    process.exitCode = 1;
  }
}

function markdownFiles() {
  const names = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '*.md'], {
    encoding: 'utf8',
  });
  return names.split('\0').filter((name) => name !== '' && statSync(name, { throwIfNoEntry: false })?.isFile());
}

/**
 * @typedef {{ start: number, marker: string, parts: string[] }} Paragraph the index of its first line, what precedes the text
 *   in it (a list marker or an indent), and the text of each line
 */

/** @returns {Paragraph[]} the paragraphs of prose, including those of list items */
function paragraphsOf(lines) {
  const paragraphs = [];
  let open = null;
  let fence = null;
  let skipUntil = null;
  let inList = false;
  lines.forEach((line, index) => {
    const text = line.trim();
    const opening = /^(`{3,}|~{3,})/.exec(text)?.[1];
    if (fence !== null) {
      if (opening !== undefined && text === opening && opening.startsWith(fence)) fence = null;
      return;
    }
    if (skipUntil !== null) {
      if (skipUntil(text)) skipUntil = null;
      return;
    }
    if (opening !== undefined) {
      fence = opening;
      open = null;
      return;
    }
    if (text === '') {
      open = null;
      return;
    }
    const item = /^\s*(?:[-*+]|\d+[.)])\s+(?:\[[ xX]\]\s+)?/.exec(line);
    if (item !== null) {
      inList = true;
      paragraphs.push((open = { start: index, marker: item[0], parts: [line.slice(item[0].length)] }));
      return;
    }
    if (/^(?:#{1,6}\s|\||>|\[[^\]]+\]:\s|([-*_])(?:\s*\1){2,}$|=+$)/.test(text)) {
      if (text.startsWith('#')) inList = false;
      open = null;
      return;
    }
    if (open !== null) {
      open.parts.push(line.trimStart());
      return;
    }
    const indent = /^\s*/.exec(line)[0];
    if (indent === '') inList = false;
    if (indent.length >= 4 && !inList) return;
    if (text.startsWith('<!--')) {
      if (!text.includes('-->')) skipUntil = (later) => later.includes('-->');
      return;
    }
    if (/^<\/?[a-z]/.test(text)) {
      skipUntil = (later) => later === '';
      return;
    }
    paragraphs.push((open = { start: index, marker: indent, parts: [line.slice(indent.length)] }));
  });
  return paragraphs;
}

/** @param {Paragraph} paragraph */
function problemsOf(paragraph) {
  const problems = [];
  let line = paragraph.start + 1;
  for (const { broken, rule } of gapsOf(paragraph.parts)) {
    if (broken && rule === 'never') problems.push({ line, problem: 'breaks inside a sentence' });
    if (!broken && rule === 'always') problems.push({ line, problem: 'holds two sentences' });
    if (broken) line += 1;
  }
  return problems;
}

/** @param {Paragraph} paragraph */
function laidOut({ marker, parts }) {
  const text = parts.join(' ');
  const lines = [];
  let from = 0;
  for (const { at, broken, rule } of gapsOf(parts)) {
    if (rule !== 'always' && !(broken && rule === 'either')) continue;
    lines.push(text.slice(from, at));
    from = at + 1;
  }
  lines.push(text.slice(from));
  const indent = ' '.repeat(marker.length);
  return lines.map((line, index) => `${index === 0 ? marker : indent}${line.trim()}`);
}

/**
 * Finds the spaces and line breaks of a paragraph, and whether a sentence ends there.
 *
 * @returns {{ at: number, broken: boolean, rule: 'always' | 'never' | 'either' }[]}
 */
function gapsOf(parts) {
  const text = withoutCode(parts.join(' '));
  const breaks = new Set();
  const hardBreaks = new Set();
  let length = -1;
  for (const part of parts.slice(0, -1)) {
    length += part.length + 1;
    breaks.add(length);
    if (/(?: {2}|\\)$/.test(part)) hardBreaks.add(length);
  }
  return [...text.matchAll(/ +/g)].map(({ index, 0: spaces }) => {
    const at = [...breaks].find((position) => position >= index && position < index + spaces.length) ?? index;
    const rule = hardBreaks.has(at) ? 'either' : ruleBetween(text.slice(0, index), text.slice(index + spaces.length));
    return { at, broken: breaks.has(at), rule };
  });
}

function ruleBetween(before, after) {
  const ended = before.replace(/[)\]"'”’*_]+$/, '');
  if (!/[.!?…]$/.test(ended)) return 'never';
  if (ended.endsWith('...') || ended.endsWith('…') || ENDS_IN_ABBREVIATION.test(ended)) return 'either';
  // Bold text at the beginning of an item may be its title.
  if (/^(\*\*|__).*\1$/.test(before)) return 'either';
  return /^[("'“‘[*_!]*(?:\p{Lu}|`|<)/u.test(after) ? 'always' : 'either';
}

/** Blanks inline code, link targets and bare addresses, which contain no sentences, character by character. */
function withoutCode(text) {
  const blank = (match) => match.replaceAll(/[^ ]/g, 'x');
  return text
    .replaceAll(/(?<!`)(`+)(?!`)(.*?[^`])\1(?!`)/g, (match, ticks, code) => `${ticks}${blank(code)}${ticks}`)
    .replaceAll(/(?<=\])\([^)]*\)/g, (match) => `(${blank(match.slice(2))})`)
    .replaceAll(/<[^>\s]+>/g, (match) => `<${blank(match.slice(2))}>`);
}

function escape(text) {
  return text.replaceAll('.', String.raw`\.`);
}
