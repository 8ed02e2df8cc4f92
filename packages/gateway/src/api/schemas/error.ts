import { Type } from 'typebox';
import { ERROR_CODES, type ErrorBody } from '@webpos/sdk/wire';
import { described, FilledText, Uuid } from './values.ts';
import { exactly, type WireSchema } from './wire-schema.ts';

export const ErrorSchema: WireSchema<ErrorBody> = exactly<ErrorBody>()(
  Type.Object(
    {
      error_code: Type.String({
        pattern: String.raw`^\d{4}$`,
        description: `Now one of: ${Object.entries(ERROR_CODES)
          .map(([code, name]) => `${code} ${name}`)
          .join(', ')}.`,
        examples: ['3001'],
      }),
      message: described(FilledText, 'What went wrong, in English, for a developer.'),
      request_id: described(Uuid, 'The id that the header X-Request-Id carries too.'),
      errors: Type.Optional(
        Type.Unsafe<Record<string, string[]>>({
          type: 'object',
          minProperties: 1,
          additionalProperties: { type: 'array', minItems: 1, items: { type: 'string', minLength: 1 } },
          description: 'With 0001 only: what is wrong, by the name of the field.',
        }),
      ),
    },
    { $id: 'Error', description: 'The body of every answer from status 300 up.', additionalProperties: false },
  ),
);
