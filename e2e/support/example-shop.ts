/** The shop of `examples/embedded-checkout`, as a developer starts it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface ExampleShop extends AsyncDisposable {
  readonly origin: string;
}

interface Settings {
  readonly port: number;
  readonly gatewayUrl: string;
  readonly clientId: string;
  readonly secret: string;
}

export async function startExampleShop({ port, gatewayUrl, clientId, secret }: Settings): Promise<ExampleShop> {
  const file = fileURLToPath(new URL('../../examples/embedded-checkout/shop.mjs', import.meta.url));
  const child = spawn(process.execPath, ['--conditions=webpos-source', '--import', 'tsx', file], {
    env: {
      ...process.env,
      WEBPOS_URL: gatewayUrl,
      WEBPOS_CLIENT_ID: clientId,
      WEBPOS_SECRET: secret,
      PORT: String(port),
      PUBLIC_URL: `http://127.0.0.1:${port}`,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])) as [unknown];
  if (child.exitCode !== null) throw new Error(`the shop ended with ${String(line)}`);
  return {
    origin: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null) return;
      child.kill();
      await once(child, 'exit');
    },
  };
}
