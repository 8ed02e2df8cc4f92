/** What kept a callback from being answered, told apart: the name, the connection, the certificate, the time. */

import { TooLateError } from './post.ts';

/** What Node's and OpenSSL's codes for a certificate mean. */
const CERTIFICATE_FAULTS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'the certificate has expired',
  CERT_NOT_YET_VALID: 'the certificate is not valid yet',
  CERT_REVOKED: 'the certificate was revoked',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is signed by itself',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another name',
  SELF_SIGNED_CERT_IN_CHAIN: 'the certificate comes from an authority that is not known',
  UNABLE_TO_GET_ISSUER_CERT: 'the certificate comes without those between it and its authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'the certificate comes without those between it and its authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the certificate comes without those between it and its authority',
};

export function describeFailure(error: unknown, deadlineMs: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof TooLateError) return `no whole answer within ${deadlineMs / 1000} seconds`;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const certificate = code === undefined ? undefined : CERTIFICATE_FAULTS[code];
  if (certificate !== undefined) return `TLS: ${certificate} (${code})`;
  if (code?.startsWith('ERR_SSL_') === true || code === 'EPROTO') return `TLS: no agreement on how to talk (${code})`;
  return `${code === undefined ? '' : `${code}: `}${error.message}`.slice(0, 500);
}
