/** The request and the response of `POST /payment-order`. */
import { Type } from 'typebox';
import type { PaymentOrderCreation, PaymentOrderCreationResponse } from '@webpos/sdk/wire';
import { MAX_CHARACTERS, MAX_CONFIRMATIONS } from './limits.ts';
import { RateSchema } from './rate.ts';
import { Address, described, IsoDate, nullable, PaymentUri, Satoshi, Url, Uuid, WholeNumber } from '../../http/openapi/values.ts';
import { exactly, type WireSchema } from '../../http/openapi/wire-schema.ts';

/**
 * The patterns use only what the regular expressions of all languages share: no look-ahead, no property classes, no \u escapes. They are
 * therefore slightly wider than what is accepted; the descriptions state the rest.
 */
const shopUrl = (description: string) =>
  Type.Optional(
    nullable(
      Type.String({
        maxLength: MAX_CHARACTERS,
        pattern: String.raw`^[Hh][Tt][Tt][Pp][Ss]?://[^\s/\\]\S*$`,
        examples: ['https://shop.example/orders'],
      }),
      `${description} An https URL without user name, password and control characters; in a sandbox also http. If missing or null, the setting of the POS applies.`,
    ),
  );
const text = (description: string) =>
  Type.Optional(
    nullable(Type.String({ maxLength: MAX_CHARACTERS }), `${description} It must not contain U+0000 or lone surrogates.`),
  );

export const PaymentOrderCreationSchema: WireSchema<PaymentOrderCreation> = exactly<PaymentOrderCreation>()(
  Type.Object(
    {
      amount: Type.String({
        pattern: String.raw`^\d{1,20}(\.\d{1,20})?$`,
        description: 'The amount in the currency of the POS: above 0, with at most the decimals of the currency.',
        examples: ['10.00'],
      }),
      callback_url: shopUrl('The destination of signed callbacks.'),
      continue_url: shopUrl('Where the checkout page sends the buyer once the whole amount has been seen.'),
      cancel_url: shopUrl('Where the checkout page sends the buyer when the order is cancelled or expired.'),
      details: text('Free text for the buyer.'),
      reference: text("The merchant's own reference."),
      required_confirmations: Type.Optional(
        nullable(
          Type.Integer({ minimum: 0, maximum: MAX_CONFIRMATIONS }),
          'The confirmations that a payment needs; 0 accepts it as soon as it is seen. If missing or null, the setting of the POS applies.',
        ),
      ),
    },
    { $id: 'PaymentOrderCreation', description: 'A payment order to create. Fields that are not listed are ignored.' },
  ),
);

export const PaymentOrderCreationResponseSchema: WireSchema<PaymentOrderCreationResponse> =
  exactly<PaymentOrderCreationResponse>()(
    Type.Object(
      {
        uuid: Uuid,
        address: Address,
        uri: PaymentUri,
        amount: described(Satoshi, 'The amount in satoshi (in other objects, `amount` is fiat).'),
        rate: RateSchema,
        redirect_url: nullable(Url, 'The checkout page.'),
        created_at: Type.Optional(IsoDate),
        expiration_time: IsoDate,
        expires_in: described(WholeNumber, 'Seconds until `expiration_time`.'),
        reference: Type.Optional(nullable(Type.String())),
      },
      { $id: 'PaymentOrderCreationResponse', description: 'A new payment order.', additionalProperties: false },
    ),
  );
