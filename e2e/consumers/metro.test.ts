/** The packed library in Metro, the bundler of React Native, which knows neither Node nor `imports` of package.json. */
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Consumer, installConsumer } from './consumer.ts';
import { EXPECTED, type FakePlatform, startFakePlatform } from './fake-platform.ts';

let consumer: Consumer;
let platform: FakePlatform;

beforeAll(async () => {
  platform = await startFakePlatform();
  consumer = await installConsumer();
}, 400_000);

afterAll(async () => {
  await platform?.close();
  await consumer?.remove();
});

it.for([
  ['ios', true],
  ['web', true],
  // Metro before 0.82 goes by `main` and `browser`.
  ['ios', false],
] as const)(
  'Metro bundles every entry for %s, with exports: %s',
  { timeout: 180_000 },
  async ([target, knowsExports], context) => {
    const { modules } = consumer.tools(context);
    const output = `metro-${target}-${knowsExports}.js`;
    await consumer.run(process.execPath, ['metro.cjs', modules, 'metro-app.js', output, target, String(knowsExports)]);
    await appendFile(join(consumer.folder, output), '\nmodule.exports = { shop: globalThis.shop };\n');
    const others = ['expressCallbacks', 'sharedTokens', 'events', 'nodeFetch', 'createFakePlatform'];
    const reported = await consumer.run(process.execPath, ['run.mjs', `./${output}`, platform.baseUrl]);
    expect(JSON.parse(reported)).toEqual({ ...EXPECTED, others });
  },
);
