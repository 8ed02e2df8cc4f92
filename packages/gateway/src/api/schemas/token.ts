/** `POST /token`: OAuth 2, client credentials. */
import { Type } from 'typebox';
import type { ClientCredentials, ClientCredentialsLoginResponse } from '@webpos/sdk/wire';
import { described, FilledText, nullable, WholeNumber } from '../../http/openapi/values.ts';
import { exactly, type WireSchema } from '../../http/openapi/wire-schema.ts';

export const ClientCredentialsSchema: WireSchema<ClientCredentials> = exactly<ClientCredentials>()(
  Type.Object(
    { grant_type: Type.Literal('client_credentials'), scope: Type.Literal('*') },
    { $id: 'ClientCredentials', description: 'The login of a POS, as a form or as JSON.' },
  ),
);

export const LoginResponseSchema: WireSchema<ClientCredentialsLoginResponse> = exactly<ClientCredentialsLoginResponse>()(
  Type.Object(
    {
      access_token: described(FilledText, 'An opaque token. Send it unchanged as `Authorization: Bearer <access_token>`.'),
      token_type: Type.Literal('Bearer'),
      expires_in: described(WholeNumber, 'Seconds until the token expires.'),
      id_token: Type.String({
        pattern: String.raw`^[\w-]+\.[\w-]+\.[\w-]+$`,
        description: 'A JSON Web Token of three base64url parts.',
      }),
      scope: Type.Optional(nullable(Type.String())),
    },
    { $id: 'ClientCredentialsLoginResponse', description: 'An access token.', additionalProperties: false },
  ),
);
