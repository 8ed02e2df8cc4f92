/** The schemas of notifications in the panel's API. */
import { Type, type TObject } from 'typebox';
import { described, FilledText, IsoDate, nullable, Uuid, WholeNumber, words } from '../../../http/openapi/values.ts';
import { NOTICE_KINDS } from '../../../notifications/notice-kind.ts';
import type { EndpointSchema } from '../openapi/endpoint-schema.ts';

/** Only the fields that this version answers with. */
const EXACT = { additionalProperties: false } as const;

const Channel = words(['email', 'post']);
const Kinds = Type.Array(words(NOTICE_KINDS), { description: 'What to notify of.' });
const Time = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$', description: 'A time of day.', examples: ['18:00'] });

const SETTINGS = {
  kinds: Kinds,
  pos: nullable(Type.Array(Uuid), 'Only about these POS; null: about all that the person sees.'),
  timing: words(['immediately', 'hourly', 'daily']),
  daily_at: nullable(Time, 'With `daily`: when.'),
  quiet_from: nullable(Time, 'When the quiet hours begin; null: none.'),
  quiet_to: nullable(Time, 'When they end, which may be on the next day.'),
  time_zone: described(FilledText, 'The time zone of these times, such as `Europe/Rome`.'),
  urgent_breaks_through: described(Type.Boolean(), 'Whether urgent notifications are sent at once, whatever the times say.'),
  amounts_in_subject: Type.Boolean(),
};

const SubscriptionSchema = Type.Object(
  {
    uuid: Uuid,
    person: Uuid,
    channel: Channel,
    recipient: described(FilledText, 'The address or the URL.'),
    status: words(['active', 'unconfirmed', 'stopped'], '`unconfirmed`: the link in the first e-mail has not been opened.'),
    ...SETTINGS,
    secret: nullable(FilledText, 'With `post`: the secret for Standard Webhooks.'),
    created_at: IsoDate,
  },
  { ...EXACT, $id: 'Subscription', description: 'What a person is notified of, where and when.' },
);

const MessageSchema = Type.Object(
  {
    uuid: described(Uuid, 'The same as in the header `webhook-id`, and in the `Message-ID` of an e-mail.'),
    kind: words(['notices', 'confirmation', 'test']),
    subscription: Uuid,
    channel: Channel,
    recipient: FilledText,
    created_at: IsoDate,
    attempts: WholeNumber,
    status: words(['waiting', 'sent', 'failed', 'dropped'], '`dropped`: the person may not see any of it any more.'),
    ended_at: nullable(IsoDate),
    next_attempt_at: nullable(IsoDate),
    last_error: nullable(Type.String()),
  },
  { ...EXACT, $id: 'Message', description: 'A message to a person.' },
);

const PERSON = {
  person: Type.Optional(described(Uuid, 'Whose. A token names the person, and needs the permission `people.manage`.')),
};
const Person = Type.Object(PERSON);
const ChangesSchema = Type.Partial(Type.Object(SETTINGS)) as TObject;

export const listSubscriptions: EndpointSchema = {
  operationId: 'listSubscriptions',
  summary: 'List the subscriptions of a person',
  query: Person,
  answer: {
    description: 'The subscriptions: at most 10.',
    schema: Type.Object({ subscriptions: Type.Array(SubscriptionSchema) }, EXACT),
  },
  errors: ['3001'],
};

export const subscribe: EndpointSchema = {
  operationId: 'subscribe',
  summary: 'Add a subscription',
  description: 'A request for confirmation is sent to an e-mail address, and nothing else until its link is opened.',
  query: Person,
  body: Type.Object({ channel: Channel, recipient: FilledText, ...Type.Partial(Type.Object(SETTINGS)).properties }),
  answer: { status: 201, description: 'The subscription.', schema: SubscriptionSchema },
  errors: ['3001'],
};

export const showSubscription: EndpointSchema = {
  operationId: 'showSubscription',
  summary: 'Show a subscription',
  query: Person,
  answer: { description: 'The subscription.', schema: SubscriptionSchema },
};

export const changeSubscription: EndpointSchema = {
  operationId: 'changeSubscription',
  summary: 'Change a subscription',
  description: 'What the body does not name stays as it is. The channel cannot be changed.',
  query: Person,
  body: ChangesSchema,
  answer: { description: 'The subscription.', schema: SubscriptionSchema },
};

export const unsubscribe: EndpointSchema = {
  operationId: 'unsubscribe',
  summary: 'Remove a subscription, and what waits to be sent to it',
  query: Person,
  answer: { status: 204, description: 'It is removed.' },
};

const ACTIONS = {
  test: 'Send a test message',
  confirm: 'Send the request for confirmation again',
  stop: 'Stop the messages',
  start: 'Start the messages again',
} as const;
export type SubscriptionAction = keyof typeof ACTIONS;

export function subscriptionAction(action: SubscriptionAction): EndpointSchema {
  return {
    operationId: `${action}Subscription`,
    summary: ACTIONS[action],
    query: Person,
    answer: { description: 'The subscription.', schema: SubscriptionSchema },
  };
}

export const listMessages: EndpointSchema = {
  operationId: 'listMessages',
  summary: 'List the messages to a person, the newest first',
  query: Type.Object({
    ...PERSON,
    before: Type.Optional(described(Uuid, 'Only messages before this one: the next page.')),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 25 })),
  }),
  answer: {
    description: 'The messages of the last 30 days.',
    schema: Type.Object({ messages: Type.Array(MessageSchema), next: nullable(Uuid, 'The `before` of the next page.') }, EXACT),
  },
  errors: ['3001'],
};
