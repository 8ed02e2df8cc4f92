import { EventEmitter } from 'node:events';
import { expect, it, vi } from 'vitest';
import { onReload, stopRequested, type SignalSource } from './process-signals.ts';

class FakeProcess extends EventEmitter implements SignalSource {
  readonly exit = vi.fn<(status: number) => void>();
  env: Readonly<Record<string, string | undefined>> = {};
}

it.each([
  ['SIGTERM', 143],
  ['SIGINT', 130],
])('the first signal asks the process to stop, and a second %s ends it at once with status %i', async (signal, status) => {
  const source = new FakeProcess();
  const stop = stopRequested(source);
  source.emit('SIGTERM');
  expect(await stop).toBe('SIGTERM');
  expect(source.exit).not.toHaveBeenCalled();
  source.emit(signal);
  expect(source.exit).toHaveBeenCalledExactlyOnceWith(status);
});

it('a signal that npm forwards to its script besides the terminal is not a second one', async () => {
  const source = new FakeProcess();
  source.env = { npm_lifecycle_event: 'start' };
  let now = 0;
  const stop = stopRequested(source, () => now);
  source.emit('SIGINT');
  now = 20;
  source.emit('SIGINT');
  expect(await stop).toBe('SIGINT');
  expect(source.exit).not.toHaveBeenCalled();
  now = 2_000;
  source.emit('SIGINT');
  expect(source.exit).toHaveBeenCalledExactlyOnceWith(130);
});

it('every SIGHUP asks the process to reload its files', () => {
  const source = new FakeProcess();
  const reload = vi.fn<() => void>();
  onReload(source, reload);
  source.emit('SIGHUP');
  source.emit('SIGHUP');
  expect(reload).toHaveBeenCalledTimes(2);
  expect(source.exit).not.toHaveBeenCalled();
});
