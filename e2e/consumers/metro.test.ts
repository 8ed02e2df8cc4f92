/**
 * The packed library in Metro, the bundler of React Native, which supports neither Node's modules nor `imports` of package.json.
 */
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { EXPECTED } from './fake-platform.ts';
import { useConsumer } from './use-consumer.ts';

const at = useConsumer();

it.for([
  ['ios', true],
  ['web', true],
  // Metro before 0.82 uses `main` and `browser`.
  ['ios', false],
] as const)(
  'Metro bundles every entry for %s, with exports: %s',
  { timeout: 180_000 },
  async ([target, knowsExports], context) => {
    const { consumer } = at;
    const { modules } = consumer.tools(context);
    const output = `metro-${target}-${knowsExports}.js`;
    await consumer.run(process.execPath, ['metro.cjs', modules, 'metro-app.js', output, target, String(knowsExports)]);
    await appendFile(join(consumer.folder, output), '\nmodule.exports = { shop: globalThis.shop };\n');
    const others = ['expressCallbacks', 'sharedTokens', 'events', 'nodeFetch', 'createFakePlatform'];
    expect(await at.play(output)).toEqual({ ...EXPECTED, others });
  },
);
