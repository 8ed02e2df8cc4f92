import { closeSync, openSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openProcessLogs, type ProcessLogs } from './process-logs.ts';

describe('the logs of a process', () => {
  let folder: string;
  let file: string;
  let fd: number;
  let logs: ProcessLogs;
  const lines = (): unknown[] =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => (JSON.parse(line) as { msg: unknown }).msg);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'webpos-logs-'));
    file = join(folder, 'log');
    fd = openSync(file, 'w');
    logs = openProcessLogs('info', fd);
  });
  afterEach(async () => {
    logs.end();
    closeSync(fd);
    await rm(folder, { recursive: true });
  });

  it('write events at once', () => {
    logs.log.info({}, 'stopping');
    expect(lines()).toEqual(['stopping']);
  });

  it('buffer lines about requests for at most a second', async () => {
    logs.accessLog.info({}, 'request');
    expect(lines()).toEqual([]);
    await vi.waitFor(() => expect(lines()).toEqual(['request']), { timeout: 60_000 });
  });

  it('write buffered lines once there are many', () => {
    for (let n = 0; n < 1_000; n += 1) logs.accessLog.info({ n }, 'request');
    expect(lines().length).toBeGreaterThan(700);
  });

  it('keep all lines in order', () => {
    logs.accessLog.info({}, 'first');
    logs.log.warn({}, 'second');
    expect(lines()).toEqual(['first', 'second']);
  });

  it('lose no line when the process ends cleanly, or the logs are ended', () => {
    const before = process.listeners('exit').length;
    logs.accessLog.info({}, 'at exit');
    (process.listeners('exit').at(-1) as () => void)();
    expect(lines()).toEqual(['at exit']);
    logs.accessLog.info({}, 'at the end');
    logs.end();
    expect(lines()).toEqual(['at exit', 'at the end']);
    expect(process.listeners('exit')).toHaveLength(before - 1);
  });

  it('write the fields of a request unchanged, and drop lines below their level', () => {
    logs.accessLog.debug({}, 'quiet');
    logs.accessLog.info({ route: '/payment-order/:uuid' }, 'request');
    logs.end();
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ level: 'info', route: '/payment-order/:uuid' });
  });
});
