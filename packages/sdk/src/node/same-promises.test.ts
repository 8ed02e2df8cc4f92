/** Runs the client's tests over `fetch` once more over `node:http`. */
import { useTransport } from '../../test/harness.ts';
import { nodeFetch } from './index.ts';

useTransport(nodeFetch());
await import('../http/send.test.ts');
await import('../http/deadline.test.ts');
await import('../http/parse-answer.test.ts');
await import('../calls/session.test.ts');
await import('../http/debug-info.test.ts');
await import('../calls/api-calls.test.ts');
await import('../calls/wait.test.ts');
await import('../http/retry-after.test.ts');
await import('../http/hostile-server.test.ts');
