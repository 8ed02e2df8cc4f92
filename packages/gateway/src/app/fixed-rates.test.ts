import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startFakeNode } from '../../test/support/fake-node.ts';
import { readConfig } from '../config/read-config.ts';
import { createLog } from '../ops/log.ts';
import { startGateway } from './start-gateway.ts';
import { gatewayFiles } from '../../../../test/support/gateway-files.ts';

it.each([
  ['live', 1],
  ['sandbox', 0],
])('a gateway in %s mode logs %i warnings about fixed rates', async (mode, times) => {
  const folder = await mkdtemp(join(tmpdir(), 'webpos-fixed-rates-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await using node = await startFakeNode();
  const lines: string[] = [];
  const gateway = await startGateway(
    readConfig({
      WEBPOS_MODE: mode,
      WEBPOS_NETWORK: 'regtest',
      WEBPOS_PORT: '0',
      WEBPOS_PUBLIC_URL: 'https://pay.example',
      ...gatewayFiles(folder),
      WEBPOS_RATES: 'fixed:EUR=60000',
      ...(mode === 'live' ? { WEBPOS_BITCOIND_URL: node.url } : {}),
    }),
    { log: createLog('info', { write: (line) => void lines.push(line) }) },
  );
  await gateway.stop();
  const warnings = lines.filter((line) => line.includes('FIXED IN LIVE MODE'));
  expect(warnings).toHaveLength(times);
  for (const warning of warnings) expect(JSON.parse(warning)).toMatchObject({ level: 'warn', rates: { EUR: '60000' } });
});
