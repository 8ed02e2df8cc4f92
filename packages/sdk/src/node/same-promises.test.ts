/** The tests of the client over `fetch`, once more over `node:http`. */
import { useTransport } from '../../test/harness.ts';
import { nodeFetch } from './index.ts';

useTransport(nodeFetch());
await import('../transport.test.ts');
await import('../deadline.test.ts');
await import('../answer.test.ts');
await import('../session.test.ts');
await import('../debug-info.test.ts');
await import('../calls.test.ts');
await import('../wait.test.ts');
