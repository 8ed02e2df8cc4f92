import { describe, expect, it } from 'vitest';
import { networkFailure } from './network-failure.ts';

/** What Node's fetch throws: the code is in the cause. */
function fetchFailed(code: string): Error {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(`it was ${code}`), { code }) });
}

describe('networkFailure', () => {
  it.each([
    ['ECONNREFUSED', 'unreached'],
    ['ENOTFOUND', 'unreached'],
    ['EAI_AGAIN', 'unreached'],
    ['UND_ERR_CONNECT_TIMEOUT', 'unreached'],
    ['ConnectionRefused', 'unreached'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'tls'],
    ['CERT_HAS_EXPIRED', 'tls'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls'],
    ['EPROTO', 'tls'],
    ['ECONNRESET', 'broken'],
    ['ETIMEDOUT', 'broken'],
    ['EHOSTUNREACH', 'broken'],
    ['UND_ERR_SOCKET', 'broken'],
  ] as const)('classifies %s as %s', (code, kind) => {
    expect(networkFailure(fetchFailed(code))).toMatchObject({
      kind,
      code,
      words: expect.stringContaining(`: it was ${code}`) as string,
    });
  });

  it('reads the message of a runtime without codes', () => {
    expect(networkFailure(new TypeError('error sending request: invalid peer certificate: UnknownIssuer'))).toMatchObject({
      kind: 'tls',
    });
  });

  it('treats an unknown failure as a request that may have arrived', () => {
    const broken = { kind: 'broken', code: undefined, words: 'the connection broke before the answer was complete' };
    expect(networkFailure(new Error('boom'))).toEqual({ ...broken, words: `${broken.words}: boom` });
    expect(networkFailure('boom')).toEqual({ ...broken, words: `${broken.words}: no reason given` });
  });

  it('uses the code if the innermost error has no message, as when every address of a name refused', () => {
    const refused = Object.assign(new AggregateError([new Error('connect ECONNREFUSED ::1:1')]), { code: 'ECONNREFUSED' });
    const failure = networkFailure(new TypeError('fetch failed', { cause: refused }));
    expect(failure).toEqual({ kind: 'unreached', code: 'ECONNREFUSED', words: 'could not connect: ECONNREFUSED' });
  });

  it('terminates on cyclic causes', () => {
    const error = new Error('round');
    error.cause = error;
    expect(networkFailure(error).kind).toBe('broken');
  });
});
