/** The fields of a subscription in forms and in JSON. */
import type { SubscriptionValues, SubscriptionView } from '@webpos/web';
import type { Subscription } from '../../../notifications/subscription.ts';
import { NOTICE_KINDS, ruleOf, type NoticeKind } from '../../../notifications/notice-kind.ts';
import type { Viewer } from '../../../people/viewer.ts';
import { destinationOf } from '../../../services/notifications/assign-notices.ts';
import { statusOf } from '../../../services/notifications/list-notifications.ts';
import type { NewSubscription } from '../../../services/notifications/manage-subscriptions.ts';
import { minuteText } from '../../../services/notifications/read-subscription.ts';
import type { Fields } from '../panel-router.ts';

/** The kinds of which a viewer may be notified. */
export function kindsFor({ permissions, posIds }: Pick<Viewer, 'permissions' | 'posIds'>): readonly NoticeKind[] {
  return NOTICE_KINDS.filter((kind) => {
    const { permission, concerns } = ruleOf(kind);
    return permissions.has(permission) && (concerns !== 'all_pos' || posIds === undefined);
  });
}

/** What a new subscription begins with. */
export const NEW_VALUES: SubscriptionValues = {
  channel: 'email',
  recipient: '',
  kinds: ['order.attention', 'refund.requested', 'endpoint.failing', 'chain.trouble', 'seal.broken', 'sign_in.new_device'],
  pos: null,
  timing: 'immediately',
  daily_at: '18:00',
  is_quiet: false,
  quiet_from: '22:00',
  quiet_to: '07:00',
  time_zone: 'UTC',
  urgent: true,
  amounts: false,
};

export function valuesOf(subscription: Subscription): SubscriptionValues {
  const { channel, kinds, posIds, timing, quiet, timeZone, urgentBreaksThrough, hasAmountsInSubject } = subscription;
  return {
    channel: channel.kind,
    recipient: destinationOf(subscription).recipient,
    kinds,
    pos: posIds,
    timing: timing.kind,
    daily_at: timing.kind === 'daily' ? minuteText(timing.minute) : NEW_VALUES.daily_at,
    is_quiet: quiet !== null,
    quiet_from: quiet === null ? NEW_VALUES.quiet_from : minuteText(quiet.from),
    quiet_to: quiet === null ? NEW_VALUES.quiet_to : minuteText(quiet.to),
    time_zone: timeZone,
    urgent: urgentBreaksThrough,
    amounts: hasAmountsInSubject,
  };
}

/** Reads what a form has sent. */
export function valuesOfForm(fields: Fields): SubscriptionValues {
  const named = (prefix: string): string[] =>
    Object.keys(fields).flatMap((name) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : []));
  const pos = named('pos.');
  return {
    channel: fields['channel'] ?? '',
    recipient: fields['recipient'] ?? '',
    kinds: named('kind.'),
    pos: fields['all_pos'] !== undefined || pos.length === 0 ? null : pos,
    timing: fields['timing'] ?? '',
    daily_at: fields['daily_at'] ?? '',
    is_quiet: fields['is_quiet'] !== undefined,
    quiet_from: fields['quiet_from'] ?? '',
    quiet_to: fields['quiet_to'] ?? '',
    time_zone: fields['time_zone'] ?? '',
    urgent: fields['urgent'] !== undefined,
    amounts: fields['amounts'] !== undefined,
  };
}

export function fieldsOf(values: SubscriptionValues): NewSubscription {
  return {
    channel: values.channel,
    recipient: values.recipient,
    kinds: values.kinds,
    pos: values.pos,
    timing: values.timing,
    dailyAt: values.timing === 'daily' ? values.daily_at : null,
    quietFrom: values.is_quiet ? values.quiet_from : null,
    quietTo: values.is_quiet ? values.quiet_to : null,
    timeZone: values.time_zone,
    urgentBreaksThrough: values.urgent,
    hasAmountsInSubject: values.amounts,
  };
}

export function subscriptionView(subscription: Subscription): SubscriptionView {
  const { id, kinds } = subscription;
  return { uuid: id, ...destinationOf(subscription), status: statusOf(subscription), kinds };
}
