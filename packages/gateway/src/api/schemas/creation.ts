/** `POST /payment-order`: what is sent and what is answered. */
import { Type } from 'typebox';
import type { PaymentOrderCreation, PaymentOrderCreationResponse } from '@webpos/sdk/wire';
import { MAX_CHARACTERS, MAX_CONFIRMATIONS } from './limits.ts';
import { RateSchema } from './rate.ts';
import { Address, described, IsoDate, nullable, PaymentUri, Satoshi, Url, Uuid, WholeNumber } from './values.ts';
import { exactly, type WireSchema } from './wire-schema.ts';

/**
 * Patterns keep to what every language's regular expressions share, and are a little wider than what is accepted: no look-ahead, no
 * property classes, no \u escapes. The descriptions say the rest.
 */
const shopUrl = (description: string) =>
  Type.Optional(
    nullable(
      Type.String({
        maxLength: MAX_CHARACTERS,
        pattern: String.raw`^[Hh][Tt][Tt][Pp][Ss]?://[^\s/\\]\S*$`,
        examples: ['https://shop.example/orders'],
      }),
      `${description} An https URL without user, password and control characters; http too in a sandbox. Missing or null: what the POS has set.`,
    ),
  );
const text = (description: string) =>
  Type.Optional(nullable(Type.String({ maxLength: MAX_CHARACTERS }), `${description} Without U+0000 and lone surrogates.`));

export const PaymentOrderCreationSchema: WireSchema<PaymentOrderCreation> = exactly<PaymentOrderCreation>()(
  Type.Object(
    {
      amount: Type.String({
        pattern: String.raw`^\d{1,20}(\.\d{1,20})?$`,
        description: 'What the buyer owes, in the currency of the POS: above 0, and with no more decimals than the currency has.',
        examples: ['10.00'],
      }),
      callback_url: shopUrl('Where signed callbacks go.'),
      continue_url: shopUrl('Where the checkout page sends the buyer once the whole amount has been seen.'),
      cancel_url: shopUrl('Where the checkout page sends the buyer when the order is cancelled or expired.'),
      details: text('Free text for the buyer.'),
      reference: text("The merchant's own reference."),
      required_confirmations: Type.Optional(
        nullable(
          Type.Integer({ minimum: 0, maximum: MAX_CONFIRMATIONS }),
          'How many confirmations make the order paid; 0 takes a payment as soon as it is seen. Missing or null: what the POS has set.',
        ),
      ),
    },
    { $id: 'PaymentOrderCreation', description: 'A payment order to be made. Fields that are not listed are passed over.' },
  ),
);

export const PaymentOrderCreationResponseSchema: WireSchema<PaymentOrderCreationResponse> =
  exactly<PaymentOrderCreationResponse>()(
    Type.Object(
      {
        uuid: Uuid,
        address: Address,
        uri: PaymentUri,
        amount: described(Satoshi, 'What the buyer owes, in satoshi (elsewhere `amount` is fiat).'),
        rate: RateSchema,
        redirect_url: nullable(Url, 'The checkout page.'),
        created_at: Type.Optional(IsoDate),
        expiration_time: IsoDate,
        expires_in: described(WholeNumber, 'Seconds until `expiration_time`.'),
        reference: Type.Optional(nullable(Type.String())),
      },
      { $id: 'PaymentOrderCreationResponse', description: 'A payment order as it was made.', additionalProperties: false },
    ),
  );
