import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RequestLines } from './request-lines.ts';

describe('lines about requests', () => {
  let written: string[];
  beforeEach(() => {
    written = [];
    vi.useFakeTimers({ now: Date.UTC(2026, 10, 24, 12) });
  });
  afterEach(() => void vi.useRealTimers());
  const open = (level = 'info'): RequestLines => new RequestLines({ level, write: (lines) => void written.push(lines) });

  it('are JSON with time, level and message like all other lines', () => {
    const lines = open();
    lines.info({ route: '/a"b\n', status: 201, order: null }, 'request');
    lines.info({}, 'request');
    lines.flush();
    expect(
      written
        .join('')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([
      { level: 'info', time: '2026-11-24T12:00:00.000Z', route: '/a"b\n', status: 201, order: null, msg: 'request' },
      { level: 'info', time: '2026-11-24T12:00:00.000Z', msg: 'request' },
    ]);
  });

  it('contain the time of each request', () => {
    const lines = open();
    lines.info({}, 'request');
    vi.advanceTimersByTime(7);
    lines.info({}, 'request');
    lines.flush();
    expect(written[0]!.match(/\.\d{3}Z/g)).toEqual(['.000Z', '.007Z']);
  });

  it('are written together, once, a second after the first', () => {
    const lines = open();
    lines.info({ n: 1 }, 'request');
    vi.advanceTimersByTime(600);
    lines.info({ n: 2 }, 'request');
    expect(written).toEqual([]);
    vi.advanceTimersByTime(400);
    expect(written).toEqual([expect.stringMatching(/"n":1.*\n.*"n":2.*\n$/)]);
    vi.advanceTimersByTime(5_000);
    expect(written).toHaveLength(1);
  });

  it('are written earlier when there are many', () => {
    const lines = open();
    for (let n = 0; n < 1_000; n += 1) lines.info({ n }, 'request');
    expect(written.length).toBeGreaterThan(1);
    lines.flush();
    expect(written.join('').match(/\n/g)).toHaveLength(1_000);
  });

  it.each([
    ['trace', ['debug', 'info', 'error']],
    ['info', ['info', 'error']],
    ['error', ['error']],
    ['silent', []],
  ])('at level %s are written for %j', (level, labels) => {
    const lines = open(level);
    lines.debug({}, 'x');
    lines.info({}, 'x');
    lines.error({}, 'x');
    lines.flush();
    expect(written.join('').match(/(?<="level":")\w+/g) ?? []).toEqual(labels);
  });
});
