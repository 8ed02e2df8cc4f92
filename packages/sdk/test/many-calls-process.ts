/**
 * A process that makes many calls of every kind with one client and one AbortSignal, and prints by how many bytes its memory has
 * grown. It needs `--expose-gc`.
 */
import { Client, type Fetch, isWebposError } from '../src/index.ts';
import { nodeFetch } from '../src/node/index.ts';
import { ORDER_UUID, sampleAnswer } from './gateway.ts';

const [baseUrl = '', transport = '', count = '0'] = process.argv.slice(2);
const transports: Record<string, Fetch> = {
  fetch,
  nodeFetch: nodeFetch(),
  'no network': (url, init) => Promise.resolve(answerTo(init.method, url)),
};
const http = { fetch: transports[transport] };
const client = new Client({ mode: 'sandbox', clientId: 'shop', secret: 'hush-hush', baseUrl, http });
const { signal } = new AbortController();
const unknown = ORDER_UUID.replace('0b', '0c');

function answerTo(method: string, url: string): Response {
  const { status, body } = sampleAnswer(method, new URL(url).pathname);
  return Response.json(body, { status });
}

async function call(n: number): Promise<unknown> {
  if (n % 10 === 0) return await client.createPaymentOrder({ amount: '1' }, { signal });
  if (n % 10 === 1) return await client.getPaymentOrder(unknown, { signal }).catch(expected);
  if (n % 10 === 2) return await client.getPaymentOrder(ORDER_UUID, { signal: AbortSignal.abort() }).catch(expected);
  if (n % 10 === 3) return await client.getPaymentOrder(ORDER_UUID, { signal: AbortSignal.timeout(600_000) });
  return await client.withAnswer.getPaymentOrder(ORDER_UUID, { signal });
}

function expected(error: unknown): void {
  if (!isWebposError(error)) throw error;
}

/** Makes eight calls at a time. */
async function calls(wanted: number): Promise<void> {
  let made = 0;
  const worker = async (): Promise<void> => {
    while (made < wanted) await call((made += 1));
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}

async function bytesInUse(): Promise<number> {
  // Repeated for objects that are collected only after their finalizers have run.
  for (let n = 0; n < 4; n += 1) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

await calls(1000);
const before = await bytesInUse();
await calls(Number(count));
console.log(String((await bytesInUse()) - before));
