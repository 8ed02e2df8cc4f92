/** Bundles programs of tests with the gateway, because a start from source takes seconds on a busy machine. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'tsdown';

export interface BundledPrograms extends AsyncDisposable {
  /** Holds `NAME.js` for each program. */
  readonly folder: string;
}

/** Replaces a text in a source file, to plant a bug. */
export interface SourceEdit {
  /** The end of its path. */
  readonly file: string;
  /** It must occur exactly once. */
  readonly from: string;
  readonly to: string;
}

/**
 * @param name Names the folder, with the id of this process.
 * @param programs The source of each program, by its name.
 */
export async function bundlePrograms(
  name: string,
  programs: Readonly<Record<string, URL>>,
  edits: readonly SourceEdit[] = [],
): Promise<BundledPrograms> {
  // Inside the package, so that the bundle finds its dependencies.
  const folder = fileURLToPath(new URL(`../../node_modules/.cache/webpos-${name}-${process.pid}`, import.meta.url));
  await bundleInto(folder, programs, edits);
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

/** Bundles programs into a folder from which their dependencies can be resolved. */
export async function bundleInto(
  folder: string,
  programs: Readonly<Record<string, URL>>,
  edits: readonly SourceEdit[] = [],
): Promise<void> {
  const left = new Set(edits);
  const sources = Object.entries(programs).map(([program, source]) => [program, fileURLToPath(source)]);
  await build({
    config: false,
    entry: {
      ...Object.fromEntries(sources),
      'derivation-worker': fileURLToPath(new URL('../../src/services/addresses/derivation-worker.ts', import.meta.url)),
    },
    outDir: folder,
    copy: { from: fileURLToPath(new URL('../../../web/src/assets/*', import.meta.url)), to: `${folder}/assets` },
    format: 'esm',
    platform: 'node',
    dts: false,
    fixedExtension: false,
    hash: false,
    logLevel: 'silent',
    // Loading the hundreds of files of the dependencies would take a third of a start.
    deps: { neverBundle: [/^@photostructure\//, /^pg$/], alwaysBundle: [/./], onlyBundle: false },
    plugins: [{ name: 'edit-sources', transform: (code: string, id: string) => edited(code, id, left) }],
    inputOptions: { resolve: { conditionNames: ['webpos-source', 'import', 'node', 'default'] } },
  });
  // Without it, Node parses every module as CommonJS first.
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  if (left.size > 0) throw new Error(`these texts are not bundled: ${[...left].map(({ from }) => from).join(' | ')}`);
}

function edited(code: string, id: string, left: Set<SourceEdit>): string | undefined {
  let changed: string | undefined;
  for (const edit of left) {
    if (!id.endsWith(edit.file)) continue;
    const parts = (changed ?? code).split(edit.from);
    if (parts.length !== 2) throw new Error(`${edit.file}: expected once, found ${parts.length - 1} times: ${edit.from}`);
    changed = parts.join(edit.to);
    left.delete(edit);
  }
  return changed;
}
