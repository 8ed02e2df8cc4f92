/** Our ids: version 4 UUIDs in lower case, because the older client libraries accept nothing else. */
declare const brand: unique symbol;

type Id<Name extends string> = string & { readonly [brand]: Name };

export type OrderId = Id<'OrderId'>;
export type AccountId = Id<'AccountId'>;
export type PosId = Id<'PosId'>;
export type CallbackId = Id<'CallbackId'>;
export type PersonId = Id<'PersonId'>;
export type MerchantId = Id<'MerchantId'>;
export type LinkId = Id<'LinkId'>;
/** Of a person's subscription to notifications. */
export type SubscriptionId = Id<'SubscriptionId'>;
/** Of a message to a subscriber. */
export type MessageId = Id<'MessageId'>;
export type RefundId = Id<'RefundId'>;

/** Creates ids; tests pass one that counts. */
export type NewUuid = () => string;

const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

export function isUuidV4(text: string): boolean {
  return UUID_V4.test(text);
}

/** @throws RangeError if the text is not a version 4 UUID in lower case. */
export function parseId<T extends Id<string>>(text: string): T {
  if (!isUuidV4(text))
    throw new RangeError(`id: expected a version 4 UUID in lower case, got ${JSON.stringify(text.slice(0, 64))}`);
  return text as T;
}
