/** A certificate and its key from PEM files, checked to belong together. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { epochMs, type EpochMs } from '../kernel/clock.ts';
import { OperatorError } from '../kernel/operator-error.ts';

export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

export interface Certificate {
  /** PEM: the certificate, and those that vouch for it. */
  readonly cert: string;
  /** PEM; a secret. */
  readonly key: string;
  readonly endsAt: EpochMs;
}

/** The two files as they are now. @throws OperatorError when one cannot be read. */
export async function readPair({ certFile, keyFile }: CertificateFiles): Promise<{ cert: string; key: string }> {
  return { cert: await read('WEBPOS_TLS_CERT_FILE', certFile), key: await read('WEBPOS_TLS_KEY_FILE', keyFile) };
}

/** @throws OperatorError naming the settings when the two are no certificate and its key; never with a word of the key. */
export function checkPair({ cert, key }: { readonly cert: string; readonly key: string }): Certificate {
  try {
    const certificate = new X509Certificate(cert);
    // An empty key file would be no key at all to the next line, and no fault.
    if (!certificate.checkPrivateKey(createPrivateKey(key))) throw new Error('the key belongs to another certificate');
    createSecureContext({ cert, key });
    return { cert, key, endsAt: epochMs(Date.parse(certificate.validTo)) };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new OperatorError(`WEBPOS_TLS_CERT_FILE, WEBPOS_TLS_KEY_FILE: expected a certificate and its key in PEM: ${reason}`);
  }
}

async function read(setting: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new OperatorError(`${setting}: ${path} cannot be read: ${reason}`, { cause });
  }
}
