/**
 * The floor of the gateway's benchmarks: a Fastify server that parses and answers the same sizes and does nothing else. It
 * receives the answers by method and path, and reports its port.
 */
import { createRequire } from 'node:module';
import process from 'node:process';

// The gateway's own version.
const fastify = createRequire(new URL('../../packages/gateway/package.json', import.meta.url))('fastify');

const [answers] = await new Promise((resolve) => process.once('message', (message) => resolve([message])));
const server = fastify();
for (const { method, url, status, body } of answers) {
  server.route({ method, url, handler: async (request, reply) => reply.code(status).send(body) });
}
await server.listen({ host: '127.0.0.1', port: 0 });
process.send?.(server.server.address().port);
process.on('disconnect', () => process.exit());
