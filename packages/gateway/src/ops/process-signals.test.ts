import { EventEmitter } from 'node:events';
import { expect, it, vi } from 'vitest';
import { onReload, stopRequested, type SignalSource } from './process-signals.ts';

class FakeProcess extends EventEmitter implements SignalSource {
  readonly exit = vi.fn<(status: number) => void>();
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

it('every SIGHUP asks the process to reload its files', () => {
  const source = new FakeProcess();
  const reload = vi.fn<() => void>();
  onReload(source, reload);
  source.emit('SIGHUP');
  source.emit('SIGHUP');
  expect(reload).toHaveBeenCalledTimes(2);
  expect(source.exit).not.toHaveBeenCalled();
});
