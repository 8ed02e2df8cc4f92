/**
 * The size of the library in an application. `bundled`: its class (`Client` or `CallbackHandler`) with all that it uses, bundled
 * and minified by esbuild for browsers from node_modules, then gzipped at level 9, in kB of 1,000 bytes; `.size-limit.json` limits
 * the same. `installed`: the sum of all files in node_modules after installing the package alone, with its dependencies.
 */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { importFrom, peerProject, sdkProject } from './support/installed.mjs';
import { report } from './support/report.mjs';

const esbuildProject = peerProject('esbuild');
if (esbuildProject === undefined) console.log('  esbuild is not installed, so nothing can be bundled');
const esbuild = esbuildProject === undefined ? undefined : await importFrom(esbuildProject, 'esbuild');

const client = await bundledKb(sdkProject, "export { Client } from '@webpos/sdk'");
if (client !== undefined) {
  report('bundled: Client', `${client.toFixed(2)} kB`, { target: '<= 8 kB', met: client <= 8 });
  const callbacks = await bundledKb(sdkProject, "export { CallbackHandler } from '@webpos/sdk/callbacks'");
  report('bundled: CallbackHandler', `${callbacks.toFixed(2)} kB`, { target: '<= 2 kB', met: callbacks <= 2 });
  for (const name of ['stripe', 'openai', 'square', 'standardwebhooks']) {
    const project = peerProject(name);
    if (project === undefined) continue;
    const text = name === 'stripe' || name === 'openai' ? `export { default } from '${name}'` : `export * from '${name}'`;
    const size = await bundledKb(project, text);
    if (size === undefined) continue;
    const over = name === 'standardwebhooks' ? callbacks : client;
    report(`bundled: ${name}`, `${size.toFixed(1)} kB`);
    report(`  over ${over === client ? 'Client' : 'CallbackHandler'}`, `${(size / over).toFixed(1)} x`);
  }
}

const ours = installedKb(sdkProject);
report('installed: @webpos/sdk', `${ours.toFixed(0)} kB`, { target: '< 300 kB', met: ours < 300 });
for (const name of ['stripe', 'openai', 'square', 'standardwebhooks']) {
  const project = peerProject(name);
  if (project !== undefined) report(`installed: ${name} over ours`, `${(installedKb(project) / ours).toFixed(1)} x`);
}
const { dependencies = {} } = await packageOf(sdkProject);
const count = Object.keys(dependencies).length;
report('run-time dependencies of @webpos/sdk', String(count), { target: '0', met: count === 0 });

async function bundledKb(project, text) {
  if (esbuild === undefined) return undefined;
  try {
    const { outputFiles } = await esbuild.build({
      stdin: { contents: text, resolveDir: project },
      bundle: true,
      minify: true,
      write: false,
      format: 'esm',
      target: 'es2023',
      platform: 'browser',
      conditions: ['worker'],
      logLevel: 'silent',
    });
    return gzipSync(outputFiles[0].contents, { level: 9 }).length / 1000;
  } catch (error) {
    console.log(`  ${text}: esbuild cannot bundle it for browsers: ${error.errors?.[0]?.text ?? error.message}`);
    return undefined;
  }
}

function installedKb(project) {
  const files = readdirSync(join(project, 'node_modules'), { recursive: true, withFileTypes: true });
  const sizes = files.filter((file) => file.isFile()).map((file) => statSync(join(file.parentPath, file.name)).size);
  return sizes.reduce((sum, size) => sum + size, 0) / 1000;
}

async function packageOf(project) {
  const { default: manifest } = await import(join(project, 'node_modules/@webpos/sdk/package.json'), { with: { type: 'json' } });
  return manifest;
}
