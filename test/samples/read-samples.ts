/** Reads the code samples of the pages. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface Sample {
  /** The page's path and the heading above the sample, as an anchor of GitHub: `docs/sandbox.md#with-the-client-library`. */
  readonly place: string;
  readonly language: string;
  readonly code: string;
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Returns every fenced block of every page. The place of a second sample below one heading ends with `:2`. */
export function readSamples(): readonly Sample[] {
  return pages().flatMap((page) => samplesOf(page, readFileSync(`${ROOT}${page}`, 'utf8')));
}

function pages(): readonly string[] {
  const guides = readdirSync(`${ROOT}docs`).filter((name) => name.endsWith('.md'));
  const packages = readdirSync(`${ROOT}packages`).map((name) => `packages/${name}/README.md`);
  return [
    'README.md',
    'CONTRIBUTING.md',
    ...packages.filter((page) => existsSync(ROOT + page)),
    ...guides.map((name) => `docs/${name}`),
  ];
}

function samplesOf(page: string, text: string): readonly Sample[] {
  const samples: Sample[] = [];
  const counts = new Map<string, number>();
  let heading = '';
  for (const [, title, language, code] of text.matchAll(/^#{1,6} (.+)$|^```(\w+)\n([\s\S]*?)^```$/gm)) {
    if (title !== undefined) {
      heading = slugOf(title);
      continue;
    }
    const count = (counts.get(heading) ?? 0) + 1;
    counts.set(heading, count);
    const place = `${page}#${heading}${count === 1 ? '' : `:${count}`}`;
    samples.push({ place, language: language ?? '', code: code ?? '' });
  }
  return samples;
}

/** Returns the anchor of a heading. */
function slugOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\w\s-]/g, '')
    .trim()
    .replace(/\s+/g, '-');
}
