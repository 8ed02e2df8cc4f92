import type { Reader } from '../../../src/i18n/languages.ts';
import { renderNotificationLinkPage } from '../../../src/panel/notifications/link-pages.tsx';
import { renderNotificationsPage } from '../../../src/panel/notifications/notifications-page.tsx';
import { renderSubscriptionPage } from '../../../src/panel/notifications/subscription-page.tsx';
import { notificationTexts } from '../../../src/panel/notifications/texts/index.ts';
import { NOTIFICATION_NOTES, type SubscriptionFormView } from '../../../src/panel/notifications/view.ts';
import { renderAuditPage, type AuditView } from '../../../src/panel/people/audit-page.tsx';
import { renderPeoplePage, renderPersonPage, type PeopleNote, type PersonView } from '../../../src/panel/people/people-page.tsx';
import { renderProfilePage } from '../../../src/panel/people/profile-page.tsx';
import { SET_UP_FAULTS, TOTP } from './access.ts';
import { AT, LATER, OTHER_UUID, PASSKEY, POS, sampleFrame, suffixes, UUID } from './frame.ts';

const ROLES = ['owner', 'manager', 'accountant', 'cashier'] as const;
const PEOPLE_NOTES: readonly PeopleNote[] = ['saved', 'last_owner', 'login_taken', 'invalid'];
const KINDS = suffixes(notificationTexts.en, 'kind_').map((kind) => kind.replace('_', '.'));
const INVITATION = { name: 'Bob', link: 'https://pay.example/panel/welcome?code=7K2Q', expiresAt: LATER };
const SESSIONS = [true, false].map((isThis) => ({
  id: isThis ? UUID : OTHER_UUID,
  isThis,
  userAgent: isThis ? 'Firefox' : '',
  address: '192.0.2.1',
  lastUsedAt: AT,
}));

function person(changes: Partial<PersonView> = {}): PersonView {
  return { id: UUID, login: 'ada', name: 'Ada', email: '', role: 'owner', isDisabled: false, scope: null, ...changes };
}

export function peopleSamples(reader: Reader): Readonly<Record<string, string[]>> {
  const frame = sampleFrame(reader, { path: '/panel/people' });
  const choices = {
    merchants: [{ id: OTHER_UUID, name: 'Corner GmbH' }],
    pos: POS.map(({ uuid, name }) => ({ id: uuid, name })),
  };
  const view = { choices, sessions: SESSIONS, note: null, invitation: INVITATION };
  const profile = {
    login: 'ada',
    name: 'Ada',
    email: '',
    language: null,
    sessions: SESSIONS,
    passkeyOptions: PASSKEY,
    totp: TOTP,
    recoveryCodes: 7,
  };
  return {
    renderPeoplePage: PEOPLE_NOTES.map((note) =>
      renderPeoplePage(frame, {
        people: ROLES.map((role, at) => person({ id: `${at}`, role, isDisabled: role === 'cashier' })),
        next: 'dan',
        choices,
        note,
        invitation: INVITATION,
      }),
    ),
    renderPersonPage: [true, false].map((isDisabled) =>
      renderPersonPage(frame, {
        ...view,
        person: person({ isDisabled, scope: isDisabled ? { merchants: [OTHER_UUID], pos: [UUID] } : null }),
      }),
    ),
    renderProfilePage: [undefined, ...SET_UP_FAULTS].map((fault) =>
      renderProfilePage(frame, {
        ...profile,
        passkeys: fault === undefined ? [] : [{ id: UUID, name: 'Laptop' }],
        note: null,
        fault,
      }),
    ),
    renderAuditPage: auditViews().map((audit) => renderAuditPage(frame, audit)),
    ...notificationSamples(reader),
  };
}

function auditViews(): AuditView[] {
  const filters = { actor: '', action: '', subject: '', from: '', to: '' };
  const timeZone = 'Europe/Berlin';
  const entry = { position: 7, at: AT, actor: 'Ada', action: 'order.settle', subject: `order ${UUID}`, details: '{"reason":1}' };
  return [
    { entries: [entry], filters: { ...filters, actor: 'Ada' }, timeZone, next: 7, isCutOff: true, verification: null },
    { entries: [], filters, timeZone, next: null, isCutOff: false, verification: { entries: 12, faultAt: null } },
    { entries: [], filters, timeZone, next: null, isCutOff: false, verification: { entries: 12, faultAt: 3 } },
  ];
}

function notificationSamples(reader: Reader): Readonly<Record<string, string[]>> {
  const frame = sampleFrame(reader, { path: '/panel/notifications' });
  const subscriptions = (['active', 'unconfirmed', 'stopped'] as const).map((status, at) => ({
    uuid: `${at}`,
    channel: at === 0 ? ('email' as const) : ('post' as const),
    recipient: 'ada@corner.example',
    status,
    kinds: KINDS,
  }));
  const messages = (['waiting', 'sent', 'failed', 'dropped'] as const).flatMap((status) =>
    (['notices', 'confirmation', 'test'] as const).map((kind) => ({
      uuid: `${status} ${kind}`,
      at: AT,
      kind,
      recipient: 'ada@corner.example',
      status,
      error: '550',
    })),
  );
  const [own, none] = [
    { subscriptions, messages },
    { subscriptions: [], messages: [] },
  ];
  const links = (['confirm', 'stop'] as const).flatMap((action) =>
    (['ask', 'done', 'invalid'] as const).map((stage) => ({ basePath: '', reader, action, stage, path: '/notifications/x' })),
  );
  return {
    renderNotificationsPage: [
      renderNotificationsPage({ frame, note: null, own: none, sendsMail: false }),
      renderNotificationsPage({ frame, note: null, own: null, sendsMail: true }),
      ...NOTIFICATION_NOTES.map((note) => renderNotificationsPage({ frame, note, own, sendsMail: true })),
    ],
    renderSubscriptionPage: [
      renderSubscriptionPage(subscriptionForm(reader, null)),
      ...subscriptions.map((each) => renderSubscriptionPage(subscriptionForm(reader, { ...each, secret: 'whsec' }))),
    ],
    renderNotificationLinkPage: links.map(renderNotificationLinkPage),
  };
}

function subscriptionForm(reader: Reader, subscription: SubscriptionFormView['subscription']): SubscriptionFormView {
  return {
    frame: sampleFrame(reader, { path: '/panel/notifications/new' }),
    note: null,
    subscription,
    sendsMail: false,
    kinds: KINDS,
    pos: POS,
    timeZones: ['UTC', 'Europe/Berlin'],
    values: {
      channel: 'email',
      recipient: '',
      kinds: [],
      pos: null,
      timing: 'daily',
      daily_at: '18:00',
      is_quiet: true,
      quiet_from: '22:00',
      quiet_to: '07:00',
      time_zone: 'UTC',
      urgent: true,
      amounts: true,
    },
    wrong: suffixes(notificationTexts.en, 'wrong_'),
  };
}
