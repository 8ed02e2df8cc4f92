/** The pages of a person's notifications. */
import {
  NOTIFICATION_NOTES,
  renderNotificationsPage,
  renderSubscriptionPage,
  type MessageView,
  type NotificationNote,
  type SubscriptionFormView,
  type SubscriptionValues,
} from '@webpos/web';
import { isoDate } from '../../../kernel/clock.ts';
import { isUuidV4, type PersonId, type SubscriptionId } from '../../../kernel/ids.ts';
import { ContractError } from '../../../contract/contract-error.ts';
import type { Subscription } from '../../../notifications/subscription.ts';
import { seesPos } from '../../../people/viewer.ts';
import { subscriberSecret } from '../../../services/notifications/links.ts';
import {
  changeSubscription,
  confirmAgain,
  sendTest,
  setStopped,
  subscribe,
  unsubscribe,
  type SubscriptionContext,
  type Which,
} from '../../../services/notifications/manage-subscriptions.ts';
import type { FormRequest, FormResult, PageRequest, PanelRouter } from '../panel-router.ts';
import { fieldsOf, kindsFor, NEW_VALUES, subscriptionView, valuesOf, valuesOfForm } from './subscription-fields.ts';

export interface NotificationPagesOptions {
  readonly notifications: SubscriptionContext;
}

const PATH = '/panel/notifications';
const STALE = { staleTo: `${PATH}?note=stale` } as const;
const MESSAGES_SHOWN = 20;
/** More POS are not offered one by one. */
const MAX_POS_SHOWN = 50;

export function notificationRoutes(panel: PanelRouter, { notifications: context }: NotificationPagesOptions): void {
  panel.page(PATH, 'self.manage', async (page) =>
    renderNotificationsPage({
      frame: await page.frame(),
      note: noteOf(page),
      own: await ownOf(context, page),
      sendsMail: context.sendsMail,
    }),
  );
  panel.page(`${PATH}/new`, 'self.manage', async (page) =>
    personOf(page) === undefined ? undefined : renderSubscriptionPage(await formView(context, page, undefined, NEW_VALUES, [])),
  );
  panel.form(`${PATH}/new`, 'self.manage', (form) => create(context, form), STALE);
  panel.page(`${PATH}/of/:subscription`, 'self.manage', async (page) => {
    const subscription = await find(context, page);
    return subscription && renderSubscriptionPage(await formView(context, page, subscription, valuesOf(subscription), []));
  });
  panel.form(`${PATH}/of/:subscription`, 'self.manage', (form) => change(context, form), STALE);
  buttonRoutes(panel, context);
}

function buttonRoutes(panel: PanelRouter, context: SubscriptionContext): void {
  const button = (
    action: string,
    note: NotificationNote,
    run: (which: Which, form: FormRequest) => Promise<Subscription | undefined>,
  ): void => {
    panel.form(
      `${PATH}/of/:subscription/${action}`,
      'self.manage',
      async (form) => {
        const subscription = await find(context, form);
        if (subscription === undefined) return undefined;
        return asNote(async () =>
          (await run(subscription, form)) === undefined ? undefined : `${pathOf(subscription)}?note=${note}`,
        );
      },
      STALE,
    );
  };
  button('test', 'test', (which, { viewer }) => sendTest(context, viewer.actor, which));
  button('confirm', 'confirm', (which, { viewer }) => confirmAgain(context, viewer.actor, which));
  button('stop', 'stopped', (which, { viewer }) => setStopped(context, viewer.actor, which, true));
  button('start', 'started', (which, { viewer }) => setStopped(context, viewer.actor, which, false));
  panel.form(
    `${PATH}/of/:subscription/remove`,
    'self.manage',
    async (form) => {
      const subscription = await find(context, form);
      if (subscription === undefined) return undefined;
      await unsubscribe(context, form.viewer.actor, subscription);
      return `${PATH}?note=removed`;
    },
    STALE,
  );
}

async function create(context: SubscriptionContext, form: FormRequest): Promise<FormResult | undefined> {
  const personId = personOf(form);
  if (personId === undefined) return undefined;
  const values = valuesOfForm(form.fields);
  return asNote(() =>
    orForm(context, form, undefined, values, async () => {
      const subscription = await subscribe(context, form.viewer, personId, fieldsOf(values));
      return `${pathOf(subscription)}?note=${subscription.channel.kind === 'email' ? 'added_email' : 'added'}`;
    }),
  );
}

async function change(context: SubscriptionContext, form: FormRequest): Promise<FormResult | undefined> {
  const subscription = await find(context, form);
  if (subscription === undefined) return undefined;
  const values = valuesOfForm(form.fields);
  return orForm(context, form, subscription, values, async () => {
    const changed = await changeSubscription(context, form.viewer, subscription, fieldsOf(values));
    return changed && `${pathOf(changed)}?note=saved`;
  });
}

/** Shows the form again if something in it is wrong. */
async function orForm(
  context: SubscriptionContext,
  form: FormRequest,
  subscription: Subscription | undefined,
  values: SubscriptionValues,
  run: () => Promise<string | undefined>,
): Promise<FormResult | undefined> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof ContractError) || error.fields === undefined) throw error;
    const view = await formView(context, form, subscription, values, Object.keys(error.fields));
    return { html: renderSubscriptionPage(view), status: 422 };
  }
}

async function asNote(run: () => Promise<FormResult | undefined>): Promise<FormResult | undefined> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof ContractError && error.code === '2000') return `${PATH}?note=too_many`;
    throw error;
  }
}

async function ownOf(
  { store }: SubscriptionContext,
  page: PageRequest,
): Promise<Parameters<typeof renderNotificationsPage>[0]['own']> {
  const personId = personOf(page);
  if (personId === undefined) return null;
  const subscriptions = await store.subscriptions.ofPerson(personId);
  const messages = await store.messages.list({ personId, before: undefined, limit: MESSAGES_SHOWN });
  return {
    subscriptions: subscriptions.map(subscriptionView),
    messages: messages.map(({ id, createdAt, kind, recipient, delivery }): MessageView => ({
      uuid: id,
      at: isoDate(createdAt),
      kind,
      recipient,
      status: delivery.status,
      error: 'lastError' in delivery ? delivery.lastError : null,
    })),
  };
}

async function formView(
  { store, keys, sendsMail }: SubscriptionContext,
  page: PageRequest,
  subscription: Subscription | undefined,
  values: SubscriptionValues,
  wrong: readonly string[],
): Promise<SubscriptionFormView> {
  const { viewer } = page;
  const pos = (await store.pos.list()).filter(({ id }) => seesPos(viewer, id));
  const secret = subscription?.channel.kind === 'post' ? subscriberSecret(keys, subscription.id) : null;
  return {
    frame: await page.frame(),
    note: noteOf(page),
    subscription: subscription === undefined ? null : { ...subscriptionView(subscription), secret },
    sendsMail,
    kinds: kindsFor(viewer),
    pos: pos.slice(0, MAX_POS_SHOWN).map(({ id, name }) => ({ uuid: id, name })),
    timeZones: [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone'), values.time_zone])],
    values,
    wrong,
  };
}

function personOf({ viewer }: PageRequest): PersonId | undefined {
  return viewer.actor.kind === 'person' ? viewer.actor.id : undefined;
}

/** Returns the viewer's own subscription that the path names. */
async function find({ store }: SubscriptionContext, page: PageRequest): Promise<Subscription | undefined> {
  const { subscription: id = '' } = page.params;
  const subscription = isUuidV4(id) ? await store.subscriptions.get(id as SubscriptionId) : undefined;
  return subscription !== undefined && subscription.personId === personOf(page) ? subscription : undefined;
}

function pathOf({ id }: Pick<Subscription, 'id'>): string {
  return `${PATH}/of/${id}`;
}

function noteOf({ query }: PageRequest): NotificationNote | null {
  return NOTIFICATION_NOTES.find((note) => note === query['note']) ?? null;
}
