/**
 * Applies the walkthroughs under "Your first change" in `CONTRIBUTING.md` to the sources. A block of `ts` or `json` is a new
 * file, named before it as "a new file `NAME` in `FOLDER`"; a block of `diff` changes the file that was named last.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const STEP = /a new file `([\w.-]+)` in `([\w./-]+)`|`([\w.-]+(?:\/[\w.-]+)+\.\w+)`|^```(ts|json|diff)\n([\s\S]*?)^```$/gm;

/** @returns the text of each new or changed file, by path. */
export function firstChanges(root: string): ReadonlyMap<string, string> {
  const page = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
  const start = page.indexOf('\n## Your first change\n');
  const text = page.slice(start, page.indexOf('\n## ', start + 1));
  const files = new Map<string, string>();
  let path = '';
  for (const [, name, folder, named, language, code = ''] of text.matchAll(STEP)) {
    if (language === undefined) path = named ?? `${folder}/${name}`;
    else if (language === 'diff') files.set(path, patched(path, files.get(path) ?? readFileSync(join(root, path), 'utf8'), code));
    else files.set(path, code);
  }
  return files;
}

/** @throws Error if the lines to change are not in the file exactly once. */
function patched(path: string, text: string, diff: string): string {
  const lines = diff.trimEnd().split('\n');
  const side = (other: '+' | '-'): string =>
    lines
      .filter((line) => !line.startsWith(other))
      .map((line) => `${line.slice(1)}\n`)
      .join('');
  const [before, after] = [side('+'), side('-')];
  const count = `\n${text}`.split(`\n${before}`).length - 1;
  if (count !== 1) throw new Error(`${path}: expected these lines once, found them ${count} times:\n${before}`);
  return `\n${text}`.replace(`\n${before}`, () => `\n${after}`).slice(1);
}
