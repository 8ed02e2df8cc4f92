import { TooLateError } from './post.ts';

/** Describes why an endpoint did not answer, by the error codes of Node and OpenSSL. */
const CERTIFICATE_FAULTS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'the certificate has expired',
  CERT_NOT_YET_VALID: 'the certificate is not valid yet',
  CERT_REVOKED: 'the certificate was revoked',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is self-signed',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another name',
  SELF_SIGNED_CERT_IN_CHAIN: 'the certificate is from an unknown authority',
  UNABLE_TO_GET_ISSUER_CERT: 'the intermediate certificates are missing',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'the intermediate certificates are missing',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the intermediate certificates are missing',
};

export function describeFailure(error: unknown, deadlineMs: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof TooLateError) return `no complete answer within ${deadlineMs / 1000} seconds`;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const certificate = code === undefined ? undefined : CERTIFICATE_FAULTS[code];
  if (certificate !== undefined) return `TLS: ${certificate} (${code})`;
  if (code?.startsWith('ERR_SSL_') === true || code === 'EPROTO') return `TLS: the handshake failed (${code})`;
  return `${code === undefined ? '' : `${code}: `}${error.message}`.slice(0, 500);
}
