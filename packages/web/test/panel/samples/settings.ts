import type { Reader } from '../../../src/i18n/languages.ts';
import { renderReportsPage } from '../../../src/panel/reports/reports-page.tsx';
import { reportTexts } from '../../../src/panel/reports/texts/index.ts';
import type { ReportsView } from '../../../src/panel/reports/view.ts';
import { renderMerchantPage } from '../../../src/panel/settings/merchant-page.tsx';
import { renderCreatedPosPage, renderNewPosPage } from '../../../src/panel/settings/new-pos-page.tsx';
import { renderPosPage } from '../../../src/panel/settings/pos-page.tsx';
import { renderSettingsPage } from '../../../src/panel/settings/settings-page.tsx';
import { settingsTexts } from '../../../src/panel/settings/texts/index.ts';
import type { PosNote, PosPageView } from '../../../src/panel/settings/view.ts';
import { renderNewSecretPage, renderSecretsPage } from '../../../src/panel/wallets/secrets-page.tsx';
import type { WalletFault } from '../../../src/panel/wallets/view.ts';
import { renderComparePage, renderWalletsPage } from '../../../src/panel/wallets/wallets-page.tsx';
import { ADDRESS, LATER, OTHER_UUID, POS, sampleFrame, suffixes, UUID } from './frame.ts';

const FIELDS = suffixes(settingsTexts.en, 'field_');
const URL = 'https://shop.example/callback';
const NOTES: readonly PosNote[] = [
  { kind: 'saved' },
  { kind: 'no_url' },
  { kind: 'test', url: URL, status: 204, durationMs: 12, error: null },
  { kind: 'test', url: URL, status: 500, durationMs: 12, error: '500' },
];

export function settingsSamples(reader: Reader): Readonly<Record<string, string[]>> {
  const frame = sampleFrame(reader, { path: '/panel/settings' });
  const pos = POS.map(({ uuid, name, currency }, at) => ({
    uuid,
    name,
    currency,
    active: at === 0,
    merchant: at === 0 ? 'Corner GmbH' : null,
    rate: at === 0 ? '60000.00' : null,
  }));
  const merchant = { ...frame, uuid: UUID, fields: { name: 'Corner GmbH' }, faults: [], isSaved: true };
  const newPos = { ...frame, fields: { type: 'web' }, merchants: [{ uuid: UUID, name: 'Corner GmbH' }] };
  return {
    renderSettingsPage: [
      renderSettingsPage({
        ...frame,
        mayCreate: true,
        mayCreatePos: true,
        merchants: [{ uuid: UUID, name: 'Corner GmbH', timeZone: 'Europe/Berlin' }],
        pos,
      }),
      renderSettingsPage({ ...frame, mayCreate: false, mayCreatePos: false, merchants: [], pos: [] }),
    ],
    renderMerchantPage: [
      renderMerchantPage(merchant),
      renderMerchantPage({ ...merchant, uuid: null, faults: FIELDS, isSaved: false }),
    ],
    renderPosPage: [
      ...NOTES.map((note) => renderPosPage(posView(reader, { note }))),
      renderPosPage(posView(reader, { faults: FIELDS, rate: null, logo: null })),
      renderPosPage(posView(reader, { isActive: false })),
      renderPosPage(posView(reader, { mayManage: false, rate: { value: '60000.00', currency: 'EUR', source: 'fixed' } })),
    ],
    renderNewPosPage: [
      renderNewPosPage({ ...newPos, accounts: [{ uuid: UUID, name: 'Ledger' }], faults: FIELDS }),
      renderNewPosPage({ ...newPos, accounts: [], faults: [] }),
    ],
    renderCreatedPosPage: [
      renderCreatedPosPage({ ...frame, uuid: UUID, name: 'Bar', clientId: '0a1b', secret: '2c3d', webhookSecret: 'whsec_x' }),
    ],
    ...walletSamples(reader),
    renderReportsPage: reportSamples(reader),
  };
}

function posView(reader: Reader, changes: Partial<PosPageView>): PosPageView {
  return {
    ...sampleFrame(reader, { path: `/panel/settings/pos/${UUID}` }),
    uuid: UUID,
    name: 'Corner Café',
    isActive: true,
    mayManage: true,
    fields: { name: 'Corner Café', currency: 'EUR' },
    before: '{}',
    faults: [],
    note: null,
    merchants: [{ uuid: UUID, name: 'Corner GmbH' }],
    providers: ['kraken', 'bitstamp'],
    rate: { value: '60000.00', currency: 'EUR', source: 'median:kraken,bitstamp' },
    logo: '/logo/1',
    ...changes,
  };
}

const KEY_FAULTS = [
  'private_key',
  'syntax',
  'checksum',
  'extended_key',
  'not_account_key',
  'network',
  'path',
  'unsupported',
  'unusual_path',
  'known',
  'other',
] as const;
const FAULTS: readonly WalletFault[] = [
  ...KEY_FAULTS.map((why): WalletFault => ({ field: 'key', why, detail: 'expected a key', max: null })),
  { field: 'name', why: 'name', detail: null, max: 64 },
  { field: 'first_index', why: 'first_index', detail: null, max: 10_000_000 },
];

function walletSamples(reader: Reader): Readonly<Record<string, string[]>> {
  const frame = sampleFrame(reader, { path: '/panel/settings/wallets' });
  const entered = { name: '', key: '', first_index: '0' };
  const account = { uuid: UUID, name: 'Ledger', nextIndex: 12, unused: 3, pos: ['Corner Café'] };
  const secrets = { ...frame, pos: POS.map((each, at) => ({ ...each, rotationEndsAt: at === 0 ? LATER : null })) };
  return {
    renderWalletsPage: [
      renderWalletsPage({
        ...frame,
        accounts: [true, false].map((isSound) => ({ ...account, isSound, uuid: isSound ? UUID : OTHER_UUID })),
        fault: null,
        isAdded: true,
        entered,
      }),
      ...FAULTS.map((fault) => renderWalletsPage({ ...frame, accounts: [], fault, isAdded: false, entered })),
      renderWalletsPage({ ...frame, accounts: [], fault: null, isAdded: false, entered }),
    ],
    renderComparePage: [renderComparePage({ ...frame, name: 'Ledger', addresses: [ADDRESS], carried: { name: 'Ledger' } })],
    renderSecretsPage: [renderSecretsPage({ ...secrets, isDone: true, fault: 'xpub' })],
    renderNewSecretPage: [renderNewSecretPage({ ...frame, name: 'Corner Café', secret: 's', webhookSecret: 'w', endsAt: LATER })],
  };
}

function reportSamples(reader: Reader): string[] {
  const view: ReportsView = {
    ...sampleFrame(reader, { path: '/panel/reports' }),
    fields: { kind: 'payments', format: 'datev', from: '2026-11-01', to: '2026-11-30', pos: '', merchant: '' },
    faults: {},
    pos: POS,
    merchants: [{ uuid: UUID, name: 'Corner GmbH' }],
    timeZone: 'Europe/Berlin',
    totals: [{ currency: 'EUR', rows: 3, received: '0.0005', atOrderRate: '30.00', atPayment: '30.50', withoutRate: 1 }],
  };
  const orders = { currency: 'EUR', rows: 3, received: '0.0005', atOrderRate: '30.00', atPayment: null, withoutRate: null };
  return [
    renderReportsPage(view),
    renderReportsPage({ ...view, fields: { ...view.fields, kind: 'orders' }, totals: [orders] }),
    renderReportsPage({ ...view, totals: [] }),
    renderReportsPage({ ...view, totals: 'too_many' }),
    ...suffixes(reportTexts.en, 'fault_').map((fault) =>
      renderReportsPage({
        ...view,
        totals: null,
        faults: Object.fromEntries(Object.keys(view.fields).map((name) => [name, fault])),
      }),
    ),
  ];
}
