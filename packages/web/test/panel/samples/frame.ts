/** What all samples of the panel's pages share. */
import type { Reader } from '../../../src/i18n/languages.ts';
import type { PanelFrame } from '../../../src/panel/frame/panel-frame.ts';
import { NAVIGATION } from '../../../src/panel/frame/navigation.ts';

export const UUID = '2f1c0f3e-6f0b-4a52-9d3c-0b9f7f3f5a11';
export const OTHER_UUID = '7be4bf0a-3c1d-4f5e-8a72-5d8f1c0a9b33';
export const AT = '2026-11-23T17:59:30.000Z';
export const LATER = '2026-11-23T18:14:30.000Z';
export const ADDRESS = 'bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080';
export const TXID = 'f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16';
export const POS: readonly { uuid: string; id: string; name: string; currency: string; callbackUrl: string | null }[] = [
  { uuid: UUID, id: UUID, name: 'Corner Café', currency: 'EUR', callbackUrl: 'https://shop.example/callback' },
  { uuid: OTHER_UUID, id: OTHER_UUID, name: 'Market Stall', currency: 'CHF', callbackUrl: null },
];
/** Where passkeys work; the browser's script reads it. */
export const PASSKEY = '{"challenge":"AAAA"}';

const PERMISSIONS = [
  ...NAVIGATION.map(({ permission }) => permission),
  'orders.cancel',
  'orders.decide',
  'orders.note',
  'callbacks.redeliver',
  'refunds.manage',
  'links.manage',
  'settings.manage',
  'secrets.manage',
  'wallets.manage',
];

/** The ends of the keys with a beginning: the notes that texts exist for. */
export function suffixes(texts: Readonly<Record<string, string>>, beginning: string): string[] {
  return Object.keys(texts)
    .filter((key) => key.startsWith(beginning))
    .map((key) => key.slice(beginning.length));
}

/** A frame with everything that a frame may have. */
export function sampleFrame(reader: Reader, changes: Partial<PanelFrame> = {}): PanelFrame {
  return {
    basePath: '',
    path: '/panel',
    formKey: 'key',
    isSandbox: true,
    notices: [
      { kind: 'marks_missing', at: AT },
      ...(['older_database', 'failover', 'mark'] as const).map(
        (reason, at) => ({ kind: 'skipped', at: AT, account: 'Ledger', from: 3, to: 3 + 6 * at, reason }) as const,
      ),
    ],
    brokenSeals: 2,
    leader: { term: 5, process: { name: '4711@till', readAt: AT, watched: 1_200 } },
    now: LATER,
    reader,
    viewer: { name: 'Ada', permissions: PERMISSIONS },
    ...changes,
  };
}

/** The frames that say something else. */
export function sampleFrames(reader: Reader): PanelFrame[] {
  return [
    sampleFrame(reader),
    sampleFrame(reader, { leader: { term: 5, process: null } }),
    sampleFrame(reader, { leader: { term: 5, process: { name: '4711@till', readAt: null, watched: null } } }),
  ];
}
