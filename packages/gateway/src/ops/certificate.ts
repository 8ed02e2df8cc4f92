/** A certificate and its key, read from PEM files and checked to match. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { epochMs, type EpochMs } from '../kernel/clock.ts';
import { errorMessage } from '../kernel/error-message.ts';
import { OperatorError } from '../kernel/operator-error.ts';

export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

export interface Certificate {
  /** PEM: the certificate with its chain. */
  readonly cert: string;
  /** PEM; a secret. */
  readonly key: string;
  readonly endsAt: EpochMs;
}

/** Reads the two files. @throws OperatorError when one cannot be read. */
export async function readPair({ certFile, keyFile }: CertificateFiles): Promise<{ cert: string; key: string }> {
  return { cert: await read('WEBPOS_TLS_CERT_FILE', certFile), key: await read('WEBPOS_TLS_KEY_FILE', keyFile) };
}

/** Checks that the two match. @throws OperatorError that names the settings, and contains nothing of the key. */
export function checkPair({ cert, key }: { readonly cert: string; readonly key: string }): Certificate {
  try {
    const certificate = new X509Certificate(cert);
    // Checked first, because createSecureContext accepts an empty key.
    if (!certificate.checkPrivateKey(createPrivateKey(key))) throw new Error('the key belongs to another certificate');
    createSecureContext({ cert, key });
    return { cert, key, endsAt: epochMs(Date.parse(certificate.validTo)) };
  } catch (cause) {
    const reason = errorMessage(cause);
    throw new OperatorError(`WEBPOS_TLS_CERT_FILE, WEBPOS_TLS_KEY_FILE: expected a certificate and its key in PEM: ${reason}`);
  }
}

async function read(setting: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const reason = errorMessage(cause);
    throw new OperatorError(`${setting}: ${path} cannot be read: ${reason}`, { cause });
  }
}
