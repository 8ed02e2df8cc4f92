/** Creates self-signed certificates with the program `openssl`. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface CertificatePaths {
  readonly certFile: string;
  readonly keyFile: string;
}

/** @param days Validity from now. */
export async function makeCertificate({ certFile, keyFile }: CertificatePaths, name: string, days = 90): Promise<void> {
  const made = ['-keyout', keyFile, '-out', certFile, '-days', String(days), '-subj', `/CN=${name}`];
  const kind = [
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-addext',
    'subjectAltName=IP:127.0.0.1',
  ];
  await promisify(execFile)('openssl', ['req', ...kind, ...made]);
}
