/**
 * Compresses the bodies of callbacks, which are most of what a callback takes up. A packed body is the version of its dictionary (one
 * byte), the CRC-32 of the text (four bytes), and the text deflated against that dictionary. Raw deflate has no checksum of its own: a
 * damaged body must be an error, and never another body.
 */
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { CorruptRowError } from '../../corrupt-row-error.ts';
import { BODY_DICTIONARIES, NEWEST_DICTIONARY } from './body-dictionaries.ts';

/** What the row of a callback says besides its body, and never changes: the body repeats it, and need not store it again. */
export interface BodyContext {
  readonly id: string;
  readonly orderId: string;
  readonly posId: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

const HEADER_BYTES = 5;
/** Most bodies fit into one chunk; the default of 16 kB would be allocated for each. */
const CHUNK_BYTES = 1024;
const UNPACKED_CHUNK_BYTES = 4096;

/**
 * @returns some 320 bytes for an ordinary body, which has some 1,700. They have memory of their own: a cached slice of Node's pool of
 *   small buffers would keep 8 kB alive.
 */
export function packBody(body: string, context: BodyContext): Buffer {
  const text = Buffer.from(body);
  const dictionary = dictionaryOf(NEWEST_DICTIONARY, context);
  const deflated = deflateRawSync(text, { dictionary, chunkSize: CHUNK_BYTES });
  const packed = Buffer.allocUnsafeSlow(HEADER_BYTES + deflated.length);
  packed.writeUInt8(NEWEST_DICTIONARY, 0);
  packed.writeUInt32BE(crc32(text), 1);
  packed.set(deflated, HEADER_BYTES);
  return packed;
}

/** @throws CorruptRowError that names the callback, if the bytes are not what `packBody` returned for it. */
export function unpackBody(packed: Uint8Array, context: BodyContext): string {
  const { id } = context;
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  if (bytes.length <= HEADER_BYTES) throw damaged(id, `it has ${bytes.length} bytes`);
  const text = inflate(bytes.subarray(HEADER_BYTES), dictionaryOf(bytes.readUInt8(0), context), id);
  if (crc32(text) !== bytes.readUInt32BE(1)) throw damaged(id, 'its checksum differs');
  return text.toString();
}

function dictionaryOf(version: number, { id, orderId, posId, createdAt }: BodyContext): Buffer {
  const common = BODY_DICTIONARIES.get(version);
  if (common === undefined) throw damaged(id, `unknown dictionary ${version}`);
  return Buffer.concat([common, Buffer.from(`"${orderId}""${posId}"${new Date(createdAt).toISOString()}`)]);
}

function inflate(deflated: Buffer, dictionary: Buffer, id: string): Buffer {
  try {
    return inflateRawSync(deflated, { dictionary, chunkSize: UNPACKED_CHUNK_BYTES });
  } catch (cause) {
    throw damaged(id, 'it cannot be decompressed', cause);
  }
}

function damaged(id: string, why: string, cause?: unknown): CorruptRowError {
  return new CorruptRowError(`callback ${id}: its stored body is damaged: ${why}`, { cause });
}
