/** A sandbox gateway in this process, on a database of its own that ends with it. Nothing is mined but when it is asked for. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig, startGateway, type Gateway } from '@webpos/gateway';

export interface SandboxGateway extends AsyncDisposable {
  readonly gateway: Gateway;
}

/** @param settings of the gateway, besides its own. */
export async function openSandboxGateway(settings: Readonly<Record<string, string>> = {}): Promise<SandboxGateway> {
  const folder = await mkdtemp(join(tmpdir(), 'webpos-sandbox-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const own = {
    WEBPOS_PORT: '0',
    WEBPOS_DATABASE_URL: `sqlite:${join(folder, 'webpos.db')}`,
    WEBPOS_KEY_FILE: join(folder, 'webpos.key'),
    WEBPOS_LOG_LEVEL: 'warn',
    WEBPOS_SANDBOX_BLOCK_INTERVAL_S: '3600',
  };
  try {
    const gateway = await startGateway(readConfig({ ...own, ...settings }));
    return {
      gateway,
      [Symbol.asyncDispose]: async () => {
        await gateway.stop();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
