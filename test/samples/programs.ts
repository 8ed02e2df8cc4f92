/** The code before and after each sample of a page that makes it a complete program, and the expected output of that program. */

export interface Program {
  /** What the page leaves to its reader: a secret, an existing order, the shop's own functions. */
  readonly before?: string;
  /** Shows that the sample worked. */
  readonly after?: string;
  readonly prints: RegExp;
}

/** The tests of samples that are not TypeScript or JavaScript. */
export const SHOWN_ELSEWHERE: readonly { readonly samples: RegExp; readonly by: string }[] = [
  { samples: /^sh README\.md#(try-it|the-first-order)/, by: 'e2e/start/ten-minutes.test.ts' },
  { samples: /^sh README\.md#take-real-payments/, by: 'e2e/start/real-payments.test.ts' },
  { samples: /^sh /, by: 'packages/gateway/src/cli, by command' },
  { samples: /^(ini|nginx) docs\/running\.md/, by: 'docs/running.md, of other programs' },
  { samples: /^yaml docs\/metrics\.md/, by: 'packages/gateway/src/ops/metrics.test.ts' },
  { samples: /^mermaid docs\/order-life\.md/, by: 'packages/gateway/src/orders' },
  // Programs of other libraries: the test checks what they rely on, byte for byte.
  { samples: /^(python|php|java) docs\/coming-from\.md/, by: 'packages/gateway/src/api/older-clients.test.ts' },
  { samples: /^(ts|json|diff) CONTRIBUTING\.md/, by: 'test/samples/first-change.test.ts' },
  { samples: /^json docs\/callbacks\.md#read-missed-events/, by: 'packages/gateway/src/api/events/events.test.ts' },
  { samples: /^json docs\/notifications\.md/, by: 'packages/gateway/src/services/notifications/notifications.test.ts' },
  { samples: /^html docs\/checkout\.md/, by: 'e2e/embedded-checkout.test.ts' },
  { samples: /^(jsx|vue) packages\/checkout\/README\.md/, by: 'packages/checkout/test/packed.test.ts' },
];

const SECRET = `const { WEBPOS_CLIENT_ID = '', WEBPOS_SECRET = '', WEBPOS_URL = '' } = process.env;
const [clientId, secret] = [WEBPOS_CLIENT_ID, WEBPOS_SECRET];`;
const CLIENT = `import { Client } from '@webpos/sdk';
${SECRET}
const client = new Client({ mode: 'sandbox', clientId, secret, baseUrl: WEBPOS_URL });`;
/** The callback of a paid order, as it arrives over the network. */
const CALLBACK = `import { Client as ShopsClient } from '@webpos/sdk';
import { createFakePlatform } from '@webpos/sdk/testing';
const received: Request[] = [];
const platform = createFakePlatform({
  secret: process.env['WEBPOS_SECRET']!,
  deliver: async (callback) => new Response(null, { status: received.push(callback) > 0 ? 204 : 500 }),
});
const order = await new ShopsClient(platform.clientOptions).createPaymentOrder({
  amount: '10.00',
  reference: 'cart 42',
  callback_url: 'https://shop.example/callback',
});
await platform.pay(order.uuid);
const request = received[0]!;
const rawBody = await request.text();
const signed = Object.fromEntries(request.headers);`;
/** As much of a browser as the script needs to load and open a checkout that is finished at once. */
const BROWSER = `const url = 'https://pay.example/checkout/1';
const location = { assign: (to: string) => console.log('go to', to) };
const WebPOS = {
  open: (options: { url: string; onDone?: (end: { url: null }) => void }) => {
    console.log('open', options.url);
    options.onDone?.({ url: null });
  },
};
const script = {
  src: '',
  addEventListener: (type: string, listener: () => void) => void (type === 'load' && (script.load = listener)),
  load: () => {},
};
const append = (): void => {
  console.log('load', script.src);
  Object.assign(globalThis, { WebPOS });
  queueMicrotask(script.load);
};
Object.assign(globalThis, { document: { scripts: [], createElement: () => script, head: { append } } });`;
const MARK_PAID = `const markPaid = async (uuid: string): Promise<void> => console.log('paid', uuid);`;

export const PROGRAMS: Readonly<Record<string, Program>> = {
  'README.md#the-first-order': { prints: /^Pay here: https?:\/\/\S+\/checkout\/[0-9a-f-]{36}\n$/ },
  'README.md#the-first-order:3': {
    before: `${SECRET}
${CALLBACK}
const ship = async (reference: string | null | undefined): Promise<void> => console.log('shipped', reference);`,
    prints: /^shipped cart 42\n$/,
  },
  'docs/callbacks.md#my-shop-was-down': {
    before: `${SECRET}
const state = new Map<string, string>();
const act = async (callback: { event: string }, id: string): Promise<void> => console.log(callback.event, id.length > 0);
{
  const { Client: Shop } = await import('@webpos/sdk');
  const shop = new Shop({ mode: 'sandbox', clientId, secret, baseUrl: WEBPOS_URL });
  const { uuid } = await shop.createPaymentOrder({ amount: '10.00' });
  await shop.paymentUpdate(uuid, { callback: 'payment.completed' });
}`,
    after: `console.log('cursor', state.get('cursor') !== undefined);`,
    prints: /payment\.completed true\n(.*\n)*cursor true\n$/,
  },
  'docs/checkout.md#messages': {
    before: `const iframe = { contentWindow: {}, style: { height: '' } };
const listeners: ((event: { origin: string; source: unknown; data: any }) => void)[] = [];
const window = { addEventListener: (_type: string, listener: (typeof listeners)[number]) => void listeners.push(listener) };
const location = { assign: (url: string) => console.log('go to', url) };`,
    after: `const say = (data: unknown, origin = 'https://pay.example', source: unknown = iframe.contentWindow): void =>
  listeners.forEach((listener) => listener({ origin, source, data }));
say({ webpos: 1, type: 'size', height: 640 });
say({ webpos: 1, type: 'done', url: 'https://evil.example' }, 'https://evil.example');
say({ webpos: 1, type: 'done', url: 'https://evil.example' }, 'https://pay.example', {});
console.log(iframe.style.height);
say({ webpos: 1, type: 'done', url: '/thanks' });`,
    prints: /^640px\ngo to \/thanks\n$/,
  },
  'docs/checkout.md#open-it-as-a-dialog:3': {
    before: BROWSER,
    prints: /^load https:\/\/pay\.example\/checkout\.js\nopen https:\/\/pay\.example\/checkout\/1\n$/,
  },
  'packages/checkout/README.md#the-loader': {
    before: BROWSER,
    prints: /^load https:\/\/pay\.example\/checkout\.js\nopen https:\/\/pay\.example\/checkout\/1\ngo to \/orders\n$/,
  },
  'docs/coming-from.md#one-program-before-and-after': {
    after: `const shop = 'http://127.0.0.1:8081';
const { status, headers } = await fetch(\`\${shop}/buy\`, { method: 'POST', redirect: 'manual' });
console.log(status, headers.get('location')?.includes('/checkout/'));
console.log((await fetch(\`\${shop}/callback\`, { method: 'POST', body: '{}' })).status);
process.exit();`,
    prints: /^303 true\n400\n$/,
  },
  'docs/observability.md#hooks': {
    before: `import { Client as ShopsClient } from '@webpos/sdk';
import { createFakePlatform } from '@webpos/sdk/testing';
const platform = createFakePlatform();
const { uuid } = await new ShopsClient(platform.clientOptions).createPaymentOrder({ amount: '10.00' });
let reads = 0;
const fetch: typeof platform.fetch = async (url, init) => {
  if (init?.method !== 'GET' || ++reads > 1) return await platform.fetch(url, init);
  return new Response('no', { status: 503, headers: { 'retry-after': '0' } });
};
const options = { ...platform.clientOptions, http: { fetch } };
const log = (...words: unknown[]): void => console.log(...words);`,
    after: `await client.getPaymentOrder(uuid);`,
    prints:
      /^send POST \/token 1\ndone POST \/token 200 true\nsend GET (\/payment-order\/\{uuid\}) 1\ndone GET \1 503 true\nagain GET \1 2 \d+ \w+Error\nsend GET \1 2\ndone GET \1 200 true\n$/,
  },
  'docs/observability.md#the-tracing-channel': {
    before: `${CLIENT}
const count = (...labels: unknown[]): void => console.log(...labels);`,
    after: `await client.createPaymentOrder({ amount: '10.00' });
await client.getPaymentOrder('00000000-0000-4000-8000-000000000000').catch(() => undefined);`,
    prints:
      /^POST \/token 200 1 undefined\nPOST \/payment-order 201 1 undefined\nGET \/payment-order\/\{uuid\} 404 1 NotFoundError\n$/,
  },
  'docs/observability.md#opentelemetry': {
    before: `import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
${CLIENT}
const exporter = new InMemorySpanExporter();
new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register();`,
    after: `const order = await trace.getTracer('shop').startActiveSpan('buy', async (buy) => {
  const { uuid } = await client.createPaymentOrder({ amount: '10.00' });
  buy.end();
  return uuid;
});
await client.getPaymentOrder('00000000-0000-4000-8000-000000000000').catch(() => undefined);
const exported = exporter.getFinishedSpans();
const buy = exported.find(({ name }) => name === 'buy')!;
for (const { name, kind, attributes, status, parentSpanContext, events } of exported) {
  if (name === 'buy') continue;
  const { 'webpos.request_id': requestId, ...rest } = attributes;
  const parent = parentSpanContext?.spanId === buy.spanContext().spanId ? 'buy' : parentSpanContext?.spanId;
  console.log(JSON.stringify({ name, kind, parent, status, rest, hasRequestId: typeof requestId === 'string' }));
}
console.log('order', JSON.stringify(exported.map(({ name, attributes }) => [name, attributes])).includes(order));`,
    prints: spansPrinted(),
  },
  'docs/observability.md#when-a-call-fails': {
    before: CLIENT,
    prints: /^NotFoundError Bearer \[redacted\] 404\n$/,
  },
  'docs/sandbox.md#with-the-client-library': {
    before: CLIENT,
    prints: /^mempool_network_dispute\n\[[^\]]*payment\.dispute\.end[^\]]*payment\.chargeback[^\]]*\]\n$/,
  },
  'packages/sdk/README.md#receiving-callbacks': {
    before: `${CALLBACK.replace('const request = ', 'const sent = ').replaceAll('request.', 'sent.')}
${MARK_PAID}`,
    after: `const post = async (headers: Record<string, string>): Promise<number> =>
  (await fetch('http://127.0.0.1:8081/callback', { method: 'POST', headers, body: rawBody })).status;
const signature = { 'chainside-signature': signed['chainside-signature']! };
console.log(await post(signature), await post(signature), await post({}));
process.exit();`,
    prints: /^paid [0-9a-f-]{36}\n204 204 400\n$/,
  },
  'packages/sdk/README.md#receiving-callbacks:2': {
    before: `const handle = (): void => console.log('handled');`,
    after: `console.log(typeof once);`,
    prints: /^function\n$/,
  },
  'packages/sdk/README.md#receiving-callbacks:3': {
    before: `${SECRET}
${CALLBACK}
${MARK_PAID}`,
    after: `console.log(await receive(signed, rawBody), await receive(signed, rawBody + ' '), await receive({}, rawBody));`,
    prints: /^paid [0-9a-f-]{36}\n204 400 400\n$/,
  },
  'packages/sdk/README.md#the-calls': {
    before: `${SECRET}
import { Client } from '@webpos/sdk';
const [mode, password] = ['sandbox' as const, 'of the Redis'];
const logger = { warn: (message: string) => console.log(message) };`,
    after: `console.log(typeof client.createPaymentOrder);`,
    prints: /^function\n$/,
  },
  'packages/sdk/README.md#connection-options': {
    before: `${SECRET}
import { Client } from '@webpos/sdk';
const mode = 'sandbox' as const;`,
    after: `console.log(typeof client.createPaymentOrder);`,
    prints: /^function\n$/,
  },
  'packages/sdk/README.md#errors-and-retries': {
    before: `${SECRET}
import { Client, type Fetch, isWebposError } from '@webpos/sdk';
const lost: Fetch = (url, init) => (url.endsWith('/token') ? fetch(url, init) : Promise.reject(new Error('lost')));
const client = new Client({ mode: 'sandbox', clientId, secret, baseUrl: WEBPOS_URL, maxRetries: 0, http: { fetch: lost } });
const retryLater = async (reference: string, key: string | undefined): Promise<void> =>
  console.log(reference, key?.length);`,
    prints: /^cart 42 36\n$/,
  },
  'packages/sdk/README.md#catching-up-on-events': {
    before: `${CLIENT}
let kept: string | undefined;
const readCursor = async (): Promise<string | undefined> => kept;
const storeCursor = async (cursor: string): Promise<void> => void (kept = cursor);
${MARK_PAID}
const { uuid } = await client.createPaymentOrder({ amount: '10.00' });
await client.paymentUpdate(uuid, { callback: 'payment.completed' });`,
    after: `console.log('cursor', kept !== undefined);`,
    prints: /^(paid [0-9a-f-]{36}\n)+cursor true\n$/,
  },
  'packages/sdk/README.md#testing-a-shop': {
    before: `const shop = { handle: (event: string, object: { uuid: string }) => console.log(event, object.uuid.length) };`,
    prints: /^payment\.completed 36\n$/,
  },
  'packages/sdk/README.md#the-first-order': { prints: /^pay \d+ satoshi to \w+, or on http\S+\n$/ },
};

/** What the OpenTelemetry sample exports, one line per span. */
function spansPrinted(): RegExp {
  const span = (name: string, status: number, error?: string, parent?: string): string => {
    const [method, path] = name.split(' ');
    const attributes = {
      'http.request.method': method,
      'url.template': path,
      'server.address': '127.0.0.1',
      'http.response.status_code': status,
      'webpos.tries': 1,
      ...(error && { 'error.type': error }),
    };
    // Kind 2 is a client's; codes are 0 for unset and 2 for an error.
    return JSON.stringify({ name, kind: 2, parent, status: { code: error ? 2 : 0 }, rest: attributes, hasRequestId: true });
  };
  const lines = [
    span('POST /token', 200, undefined, 'buy'),
    span('POST /payment-order', 201, undefined, 'buy'),
    span('GET /payment-order/{uuid}', 404, 'NotFoundError'),
    'order false',
  ];
  return new RegExp(`^${lines.map((line) => line.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('\n')}\n$`);
}
