import { expect, test, vi } from 'vitest';
import { openTestGateway } from '../../test/support/test-gateway.ts';

const loaded = vi.hoisted(() => ({ undici: false }));
vi.mock('undici', async (load) => {
  loaded.undici = true;
  return load();
});

test('a gateway has loaded what sends callbacks before it serves', async () => {
  await using _gateway = await openTestGateway();
  expect(loaded.undici).toBe(true);
});
