import process from 'node:process';
import { afterAll, beforeAll } from 'vitest';
import { type Consumer, installConsumer } from './consumer.ts';
import { type FakePlatform, startFakePlatform } from './fake-platform.ts';

/** The library installed for a consumer, and a platform for its shops. */
export interface ConsumerAtPlatform {
  readonly consumer: Consumer;
  readonly platform: FakePlatform;
  /** Runs a shop of the consumer's folder against the platform. @returns its output. */
  play(file: string, program?: readonly [command: string, ...words: string[]]): Promise<unknown>;
}

/** Installs the library and starts a platform for the tests of a file, before the first of them. */
export function useConsumer(): ConsumerAtPlatform {
  let consumer: Consumer | undefined;
  let platform: FakePlatform | undefined;

  beforeAll(async () => {
    platform = await startFakePlatform();
    consumer = await installConsumer();
  }, 400_000);

  afterAll(async () => {
    await platform?.close();
    await consumer?.remove();
  });

  const opened: ConsumerAtPlatform = {
    get consumer() {
      return present(consumer);
    },
    get platform() {
      return present(platform);
    },
    play: async (file, [command, ...words] = [process.execPath]) => {
      const output = await opened.consumer.run(command, [...words, 'run.mjs', `./${file}`, opened.platform.baseUrl]);
      return JSON.parse(output) as unknown;
    },
  };
  return opened;
}

function present<T>(part: T | undefined): T {
  if (part === undefined) throw new Error('expected a running test: the consumer is installed before the first one');
  return part;
}
