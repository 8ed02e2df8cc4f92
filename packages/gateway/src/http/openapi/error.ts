import { Type } from 'typebox';
import { ERROR_CODES, type ErrorBody } from '@webpos/sdk/wire';
import { described, FilledText, Uuid } from './values.ts';
import { exactly, type WireSchema } from './wire-schema.ts';

export const ErrorSchema: WireSchema<ErrorBody> = exactly<ErrorBody>()(
  Type.Object(
    {
      error_code: Type.String({
        pattern: String.raw`^\d{4}$`,
        description: `Currently one of ${Object.entries(ERROR_CODES)
          .map(([code, name]) => `${code} ${name}`)
          .join(', ')}.`,
        examples: ['3001'],
      }),
      message: described(FilledText, 'What went wrong, in English, for a developer.'),
      request_id: described(Uuid, 'The same id as in the header X-Request-Id.'),
      errors: Type.Optional(
        Type.Unsafe<Record<string, string[]>>({
          type: 'object',
          minProperties: 1,
          additionalProperties: { type: 'array', minItems: 1, items: { type: 'string', minLength: 1 } },
          description: 'With 0001 only: the problems of each field, by its name.',
        }),
      ),
    },
    { $id: 'Error', description: 'The body of every response with a status of 300 or higher.', additionalProperties: false },
  ),
);
