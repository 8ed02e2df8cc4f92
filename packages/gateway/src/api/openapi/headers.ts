/** The headers and path parameters of the API, as components of the document. */
import type { Json } from '../../http/openapi/open-api.ts';
import { Uuid } from '../../http/openapi/values.ts';

const text = { type: 'string' };
const uuid: Json = { ...Uuid };

export const ANSWER_HEADERS: Readonly<Record<string, Json>> = {
  'X-Request-Id': {
    description: 'The id of the request, for support. Every response has it.',
    required: true,
    schema: uuid,
  },
  'Retry-After': { description: 'Seconds to wait before a retry.', schema: { type: 'integer', minimum: 0 } },
  Allow: {
    description: 'The methods that the path supports.',
    required: true,
    schema: { type: 'string', examples: ['GET, HEAD, OPTIONS, POST'] },
  },
  'WWW-Authenticate': { description: 'The kind of Authorization that is expected.', required: true, schema: text },
  'Cache-Control': { description: '`no-store`, because a token must not be cached.', required: true, schema: text },
  'Webpos-Mode': {
    description: 'Whether this gateway handles real bitcoin. The client library refuses a gateway of the other mode.',
    required: true,
    schema: { type: 'string', enum: ['live', 'sandbox'] },
  },
  'Idempotency-Key-Honoured': {
    description: '`true`: this gateway creates a single order for repeated creations with the same Idempotency-Key.',
    schema: { type: 'string', const: 'true' },
  },
};

const header = (name: string, description: string, schema: Json, required = false): Json => ({
  name,
  in: 'header',
  required,
  description,
  schema,
});

export const PARAMETERS: Readonly<Record<string, Json>> = {
  OrderId: { name: 'uuid', in: 'path', required: true, description: 'The uuid of the payment order.', schema: uuid },
  'X-Api-Version': header('X-Api-Version', 'Optional. `v2` also gets version 1 objects, for one older client.', {
    type: 'string',
    enum: ['v1', 'v2'],
    default: 'v1',
  }),
  'Idempotency-Key': header(
    'Idempotency-Key',
    'For 24 hours, the same key with the same body gets exactly the first response again, and creates no second order.',
    { type: 'string', pattern: String.raw`^[\x21-\x7e]{1,255}$` },
  ),
  'chainside-signature': header(
    'chainside-signature',
    'base64(HMAC-SHA512(key: SHA-256(secret of the POS) as raw bytes, message: the raw body)).',
    { type: 'string', pattern: '^[A-Za-z0-9+/]{86}==$' },
    true,
  ),
  'webhook-id': header('webhook-id', 'Standard Webhooks: the id of the event, the same on every attempt.', text, true),
  'webhook-timestamp': header(
    'webhook-timestamp',
    'Standard Webhooks: the time of this attempt, in seconds since 1970. Refuse one that is more than 5 minutes off.',
    { type: 'string', pattern: String.raw`^\d+$` },
    true,
  ),
  'webhook-signature': header(
    'webhook-signature',
    'Standard Webhooks: `v1,` and base64(HMAC-SHA256) over id, timestamp and body, joined by full stops. Several signatures are separated by spaces.',
    text,
    true,
  ),
};

/** The headers of every callback. */
export const CALLBACK_HEADERS = ['chainside-signature', 'webhook-id', 'webhook-timestamp', 'webhook-signature'] as const;
