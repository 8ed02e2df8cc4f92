import { expect, it, vi } from 'vitest';
import { OwnConnections } from './connections.ts';
import type { OpenRedis } from './open-redis.ts';

function openFakes(): { opened: OpenRedis[]; connections: OwnConnections } {
  const opened: OpenRedis[] = [];
  const connections = new OwnConnections(async () => {
    const client = { get: vi.fn(), set: vi.fn(), del: vi.fn() };
    const fake = { client, isReady: () => true, close: vi.fn(async () => undefined), destroy: vi.fn() };
    opened.push(fake);
    return fake;
  });
  return { opened, connections };
}

it('a connection that failed for one caller stays open for the others, and is not taken again', async () => {
  const { opened, connections } = openFakes();
  const late = connections.take();
  const other = connections.take();
  connections.giveBack(late, true);
  await other.client;
  expect(opened[0]!.destroy).not.toHaveBeenCalled();
  expect(connections.take()).not.toBe(late);
  connections.giveBack(other, false);
  await vi.waitFor(() => expect(opened[0]!.destroy).toHaveBeenCalledOnce());
  expect(opened[1]!.destroy).not.toHaveBeenCalled();
});

it('a connection that failed while it was opening is closed once it has opened', async () => {
  const { opened, connections } = openFakes();
  connections.giveBack(connections.take(), true);
  await vi.waitFor(() => expect(opened[0]!.destroy).toHaveBeenCalledOnce());
});

it('a connection without users stays open', async () => {
  const { opened, connections } = openFakes();
  const first = connections.take();
  await first.client;
  connections.giveBack(first, false);
  expect(connections.take()).toBe(first);
  expect(opened).toHaveLength(1);
});
