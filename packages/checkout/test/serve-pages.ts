/** The packed `@webpos/checkout`, installed as in a shop, and pages bundled with it. */
import { execFile } from 'node:child_process';
import { cp, mkdir, symlink } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const run = promisify(execFile);
const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(join(PACKAGE, 'package.json'));
/** The nonce with which the pages' policy allows further scripts. */
export const NONCE = 'bm9uY2U';

/** Builds, packs and installs the package in a folder, together with the frameworks. */
export async function installCheckout(folder: string): Promise<void> {
  const bare = join(folder, 'bare');
  const installed = join(folder, 'node_modules/@webpos/checkout');
  await mkdir(installed, { recursive: true });
  const tsdown = join(dirname(require.resolve('tsdown/package.json')), 'dist/run.mjs');
  await run(process.execPath, [tsdown, '--out-dir', join(bare, 'dist')], { cwd: PACKAGE });
  for (const name of ['package.json', 'README.md', 'LICENSE', 'src', 'react', 'vue'])
    await cp(join(PACKAGE, name), join(bare, name), { recursive: true });
  await run('npm', ['pack', '--pack-destination', folder], { cwd: bare });
  await run('tar', ['-xzf', join(folder, 'webpos-checkout-0.1.0.tgz'), '--strip-components=1', '-C', installed]);
  for (const name of ['react', 'react-dom', 'vue'])
    await symlink(dirname(require.resolve(`${name}/package.json`)), join(folder, 'node_modules', name));
}

/** Bundles one of the pages for the browser. */
export async function bundle(folder: string, page: string): Promise<string> {
  const copy = join(folder, page);
  await cp(fileURLToPath(new URL(`pages/${page}`, import.meta.url)), copy);
  const define = {
    'process.env.NODE_ENV': '"development"',
    __VUE_OPTIONS_API__: 'true',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
  };
  const { outputFiles } = await build({ entryPoints: [copy], bundle: true, write: false, format: 'esm', define });
  return outputFiles[0]?.text ?? '';
}

/** Serves each script as a page of its name, under a policy that allows the gateway's script only by its nonce. */
export async function servePages(port: number, gateway: string, scripts: ReadonlyMap<string, string>): Promise<Server> {
  const policy = `default-src 'none'; script-src 'self' 'nonce-${NONCE}'; frame-src ${gateway}; img-src data:`;
  const server = createServer(({ url = '/' }, response) => {
    const script = scripts.get(url.slice(1));
    if (script !== undefined) return response.setHeader('content-type', 'text/javascript').end(script);
    const page = scripts.has(`${url.slice(1)}.js`) ? `<script type="module" src="${url}.js"></script>` : '';
    response.setHeader('content-type', 'text/html; charset=utf-8').setHeader('content-security-policy', policy);
    return response.end(
      `<!doctype html><html lang="en"><title>Shop</title><link rel="icon" href="data:,"><button>Buy</button><div id="app"></div>${page}</html>`,
    );
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return server;
}
