/** Notifications in the panel's API: one's own with a person's token, those of a named person for who manages people. */
import { isoDate } from '../../../kernel/clock.ts';
import { isUuidV4, type MessageId, type PersonId, type SubscriptionId } from '../../../kernel/ids.ts';
import { ContractError } from '../../../contract/contract-error.ts';
import { FieldReader } from '../../../http/field-reader.ts';
import type { Subscription } from '../../../notifications/subscription.ts';
import { subscriberSecret } from '../../../services/notifications/links.ts';
import {
  changeSubscription,
  confirmAgain,
  ownerOf,
  sendTest,
  setStopped,
  subscribe,
  unsubscribe,
  type SubscriptionContext,
  type Which,
} from '../../../services/notifications/manage-subscriptions.ts';
import type { StoredMessage } from '../../../store/ports/notifications/message-store.ts';
import type { ApiRequest, PanelRouter } from '../panel-router.ts';
import type { NotificationPagesOptions } from './notification-routes.ts';
import { fieldsOf, NEW_VALUES, subscriptionView, valuesOf } from './subscription-fields.ts';
import type * as Schemas from './notification-schemas.ts';
import type { SubscriptionAction } from './notification-schemas.ts';
import { valuesOfJson } from './values-of-json.ts';

/** The library of schemas is loaded with them. */
const schemas = (): Promise<typeof Schemas> => import('./notification-schemas.ts');

const DEFAULT_PAGE_SIZE = 25;
const MAX_PAGE_SIZE = 200;

export function notificationApiRoutes(panel: PanelRouter, { notifications: context }: NotificationPagesOptions): void {
  const permission = 'self.manage';
  panel.api('/notifications', {
    GET: {
      permission,
      schema: async () => (await schemas()).listSubscriptions,
      handle: async (request) => ({
        subscriptions: (await context.store.subscriptions.ofPerson(await personOf(context, request))).map((one) =>
          summary(context, one),
        ),
      }),
    },
    POST: {
      permission,
      schema: async () => (await schemas()).subscribe,
      handle: async (request, reply) => {
        const fields = fieldsOf(valuesOfJson(request.body, NEW_VALUES));
        const subscription = await subscribe(context, request.viewer, await personOf(context, request), fields);
        return reply.code(201).send(summary(context, subscription));
      },
    },
  });
  panel.api('/notifications/messages', {
    GET: {
      permission,
      schema: async () => (await schemas()).listMessages,
      handle: async (request) => listMessages(context, request),
    },
  });
  panel.api('/notifications/:subscription', {
    GET: {
      permission,
      schema: async () => (await schemas()).showSubscription,
      handle: async (request) => summary(context, await find(context, request)),
    },
    PATCH: {
      permission,
      schema: async () => (await schemas()).changeSubscription,
      handle: async (request) => {
        const before = await find(context, request);
        const fields = fieldsOf(valuesOfJson(request.body, valuesOf(before)));
        return summary(context, present(await changeSubscription(context, request.viewer, before, fields)));
      },
    },
    DELETE: {
      permission,
      schema: async () => (await schemas()).unsubscribe,
      handle: async (request, reply) => {
        await unsubscribe(context, request.viewer.actor, await find(context, request));
        return reply.code(204).send();
      },
    },
  });
  actionRoutes(panel, context);
}

type Act = (which: Which, request: ApiRequest) => Promise<Subscription | undefined>;

function actionRoutes(panel: PanelRouter, context: SubscriptionContext): void {
  const permission = 'self.manage';
  const actions: Readonly<Record<SubscriptionAction, Act>> = {
    test: (which, { viewer }) => sendTest(context, viewer.actor, which),
    confirm: (which, { viewer }) => confirmAgain(context, viewer.actor, which),
    stop: (which, { viewer }) => setStopped(context, viewer.actor, which, true),
    start: (which, { viewer }) => setStopped(context, viewer.actor, which, false),
  };
  for (const [action, run] of Object.entries(actions) as [SubscriptionAction, Act][])
    panel.api(`/notifications/:subscription/${action}`, {
      POST: {
        permission,
        schema: async () => (await schemas()).subscriptionAction(action),
        handle: async (request) => summary(context, present(await run(await find(context, request), request))),
      },
    });
}

async function listMessages(context: SubscriptionContext, request: ApiRequest): Promise<Record<string, unknown>> {
  const read = new FieldReader(request.query);
  const before = read.uuid<MessageId>('before');
  const limit = read.integer('limit', DEFAULT_PAGE_SIZE, 1, MAX_PAGE_SIZE);
  read.throwIfWrong();
  const personId = await personOf(context, request);
  const found = await context.store.messages.list({ personId, before, limit: limit + 1 });
  const messages = found.slice(0, limit);
  return { messages: messages.map(messageSummary), next: found.length > limit ? (messages.at(-1)?.id ?? null) : null };
}

/** @throws ContractError 3001 if the person in the query does not exist; what `ownerOf` throws. */
async function personOf({ store }: SubscriptionContext, { viewer, query }: ApiRequest): Promise<PersonId> {
  const read = new FieldReader(query);
  const id = read.uuid<PersonId>('person');
  read.throwIfWrong();
  const owner = ownerOf(viewer, id);
  if (id !== undefined && (await store.people.get(id)) === undefined) throw new ContractError('3001', 'no such person');
  return owner;
}

async function find(context: SubscriptionContext, request: ApiRequest): Promise<Subscription> {
  const { subscription: id = '' } = request.params;
  const personId = await personOf(context, request);
  const subscription = isUuidV4(id) ? await context.store.subscriptions.get(id as SubscriptionId) : undefined;
  return present(subscription?.personId === personId ? subscription : undefined);
}

function present(subscription: Subscription | undefined): Subscription {
  if (subscription === undefined) throw new ContractError('3001', 'no such subscription');
  return subscription;
}

function summary({ keys }: SubscriptionContext, subscription: Subscription): Record<string, unknown> {
  const { id, personId, channel, createdAt, timing, quiet } = subscription;
  const values = valuesOf(subscription);
  return {
    uuid: id,
    person: personId,
    channel: channel.kind,
    recipient: values.recipient,
    status: subscriptionView(subscription).status,
    kinds: values.kinds,
    pos: values.pos,
    timing: values.timing,
    daily_at: timing.kind === 'daily' ? values.daily_at : null,
    quiet_from: quiet === null ? null : values.quiet_from,
    quiet_to: quiet === null ? null : values.quiet_to,
    time_zone: values.time_zone,
    urgent_breaks_through: values.urgent,
    amounts_in_subject: values.amounts,
    secret: channel.kind === 'post' ? subscriberSecret(keys, id) : null,
    created_at: isoDate(createdAt),
  };
}

function messageSummary({
  id,
  kind,
  subscriptionId,
  channel,
  recipient,
  createdAt,
  attempts,
  delivery,
}: StoredMessage): Record<string, unknown> {
  return {
    uuid: id,
    kind,
    subscription: subscriptionId,
    channel,
    recipient,
    created_at: isoDate(createdAt),
    attempts,
    status: delivery.status,
    ended_at: 'at' in delivery ? isoDate(delivery.at) : null,
    next_attempt_at: 'nextAttemptAt' in delivery ? isoDate(delivery.nextAttemptAt) : null,
    last_error: 'lastError' in delivery ? delivery.lastError : null,
  };
}
