/**
 * Reads a form with a file (RFC 7578), for the one page that takes an image. It accepts what browsers send and nothing else, and the
 * server has limited the size of the body before. The bytes of a file become a text of one character per byte.
 */
import { validationError, type ContractError } from '../../../contract/contract-error.ts';
import type { Fields } from '../panel-router.ts';

const MAX_PARTS = 8;
const MAX_HEAD_BYTES = 1_000;
const BOUNDARY = /^multipart\/form-data; *boundary=(?:"([\w'()+,./:=? -]{1,70})"|([\w'()+,./:=?-]{1,70}))$/i;
const DISPOSITION = /^content-disposition: *form-data; *name="([\w-]{1,40})"(?:; *filename="[^"\r\n]{0,300}")?$/im;

/** @throws ContractError 0001 if the body has another form. */
export function readMultipart(contentType: string, body: Uint8Array): Fields {
  const [, quoted, plain] = BOUNDARY.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined) throw malformed();
  const text = Buffer.from(body).toString('latin1');
  const parts = `\r\n${text}`.split(`\r\n--${boundary}`);
  // What comes before the first boundary and after the last one is empty.
  if (parts[0] !== '' || !/^--\s*$/.test(parts.at(-1) ?? '') || parts.length > MAX_PARTS + 2) throw malformed();
  return Object.fromEntries(parts.slice(1, -1).map(readPart));
}

function readPart(part: string): [name: string, value: string] {
  const end = part.indexOf('\r\n\r\n');
  if (!part.startsWith('\r\n') || end < 0 || end > MAX_HEAD_BYTES) throw malformed();
  const head = part.slice(2, end);
  const [disposition, name] = DISPOSITION.exec(head) ?? [];
  if (disposition === undefined || name === undefined) throw malformed();
  return [name, part.slice(end + 4)];
}

function malformed(): ContractError {
  return validationError({ form: ['expected a form with a file, as browsers send it'] });
}
