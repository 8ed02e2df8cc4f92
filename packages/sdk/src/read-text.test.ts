import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { ORDER_PATH, ORDER_UUID } from '../test/gateway.ts';
import { clientOf } from '../test/harness.ts';

it('an answer that fetch unpacks is not read beyond a mebibyte either, though it comes as a kilobyte', async () => {
  const bomb = gzipSync(' '.repeat(1_048_577));
  const client = await clientOf({
    [ORDER_PATH]: (response) => response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': bomb.length }).end(bomb),
  });
  await expect(client.getPaymentOrder(ORDER_UUID)).rejects.toThrow('is longer than 1048576 bytes');
});
