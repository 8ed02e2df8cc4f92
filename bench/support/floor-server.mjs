/**
 * The floor of the gateway's benches: a Fastify server that parses and answers the same sizes and does nothing else. It is sent
 * the answers by method and path, and says its port.
 */
import { createRequire } from 'node:module';
import process from 'node:process';

// The gateway's own, in the same version.
const fastify = createRequire(new URL('../../packages/gateway/package.json', import.meta.url))('fastify');

const [answers] = await new Promise((resolve) => process.once('message', (message) => resolve([message])));
const server = fastify();
for (const { method, url, status, body } of answers) {
  server.route({ method, url, handler: async (request, reply) => reply.code(status).send(body) });
}
await server.listen({ host: '127.0.0.1', port: 0 });
process.send?.(server.server.address().port);
process.on('disconnect', () => process.exit());
