/** The `Idempotency-Key` header of a creation, which identifies a repeated request. */
import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { validationError } from '../../contract/contract-error.ts';
import type { IdempotencyKey } from '../../services/orders/create-order.ts';

const KEY = /^[\x21-\x7e]{1,255}$/;

/** @throws ContractError 0001 when the key is empty, too long, or contains anything but visible ASCII characters. */
export function readIdempotencyKey(request: FastifyRequest): IdempotencyKey | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || !KEY.test(key))
    throw validationError({ 'Idempotency-Key': ['must be 1 to 255 visible ASCII characters'] });
  return { key, requestHash: createHash('sha256').update(JSON.stringify(request.body)).digest('hex') };
}
