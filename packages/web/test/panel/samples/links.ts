import type { Reader } from '../../../src/i18n/languages.ts';
import { renderClosedLinkPage, renderLinkPage } from '../../../src/checkout/link/link-page.tsx';
import type { ClosedLink, LinkPageFault, LinkPageView } from '../../../src/checkout/link/view.ts';
import { renderLinkFormPage } from '../../../src/panel/links/link-form-page.tsx';
import { renderLinkDetailsPage } from '../../../src/panel/links/link-page.tsx';
import { renderLinkPosterPage } from '../../../src/panel/links/link-poster-page.tsx';
import { renderLinksPage } from '../../../src/panel/links/links-page.tsx';
import { linksTexts } from '../../../src/panel/links/texts/index.ts';
import {
  LINK_FIELDS,
  type LinkFormFault,
  type LinkState,
  type PanelLink,
  type PanelLinkOrder,
} from '../../../src/panel/links/view.ts';
import { AT, LATER, POS, sampleFrame, suffixes, UUID } from './frame.ts';

const STATES: readonly LinkState[] = ['available', 'disabled', 'expired', 'sold_out'];
const STATUSES = suffixes(linksTexts.en, 'status_') as PanelLinkOrder['status'][];
const FAULTS = suffixes(linksTexts.en, 'fault_') as LinkFormFault[];
const CLOSED: readonly ClosedLink[] = ['sold_out', 'expired', 'disabled', 'unknown', 'busy'];
const PAGE_FAULTS: readonly LinkPageFault[] = [
  { field: 'amount', kind: 'invalid' },
  { field: 'amount', kind: 'unpayable' },
  { field: 'amount', kind: 'below', limit: '5.00' },
  { field: 'amount', kind: 'above', limit: '50.00' },
  { field: 'note' },
  { field: null },
];

function sampleLink(changes: Partial<PanelLink> = {}): PanelLink {
  return {
    uuid: UUID,
    name: 'konzert',
    url: 'https://pay.example/l/konzert',
    title: 'Konzert',
    description: 'Freitag, 20 Uhr',
    posName: 'Corner Café',
    currency: 'EUR',
    amount: null,
    minAmount: '5.00',
    maxAmount: '50.00',
    quantity: 100,
    expiresAt: LATER,
    takesNote: true,
    active: true,
    state: 'available',
    paid: 3,
    open: 1,
    ...changes,
  };
}

const FIXED = { amount: '20.00', minAmount: null, maxAmount: null, quantity: null, description: null, expiresAt: null };

function linkPageView(changes: Partial<LinkPageView> = {}): LinkPageView {
  return {
    basePath: '',
    path: '/l/konzert',
    merchantName: 'Corner Café',
    accent: null,
    logoUrl: null,
    name: 'konzert',
    title: 'Konzert',
    description: 'Freitag, 20 Uhr',
    currency: 'EUR',
    price: { kind: 'open', min: '5.00', max: '50.00' },
    takesNote: true,
    maxNoteCharacters: 200,
    token: 'token',
    typed: { amount: '', note: '' },
    fault: null,
    isSandbox: true,
    ...changes,
  };
}

export function linkSamples(reader: Reader): Readonly<Record<string, string[]>> {
  const frame = sampleFrame(reader, { path: '/panel/links' });
  const states = STATES.map((state, at) => sampleLink({ state, active: state !== 'disabled', ...(at % 2 === 0 ? FIXED : {}) }));
  const orders = STATUSES.map((status) => ({ uuid: UUID, createdAt: AT, amount: '20.00', currency: 'EUR', status }));
  const faults = (fault: LinkFormFault) => Object.fromEntries(LINK_FIELDS.map((field) => [field, fault]));
  return {
    renderLinksPage: [
      renderLinksPage({ ...frame, links: states, next: UUID, isFirst: false }),
      renderLinksPage({ ...frame, links: [], next: null, isFirst: true }),
    ],
    renderLinkDetailsPage: [
      ...states.map((link) => renderLinkDetailsPage({ ...frame, link, orders, next: UUID })),
      renderLinkDetailsPage({ ...frame, link: sampleLink(), orders: [], next: null }),
    ],
    renderLinkPosterPage: [renderLinkPosterPage({ ...frame, link: sampleLink(FIXED) })],
    renderLinkFormPage: [
      renderLinkFormPage({ ...frame, link: null, pos: POS, typed: {}, faults: {} }),
      ...FAULTS.map((fault) => renderLinkFormPage({ ...frame, link: sampleLink(), pos: POS, typed: {}, faults: faults(fault) })),
    ],
    renderLinkPage: [
      renderLinkPage(linkPageView({ price: { kind: 'fixed', amount: '20.00' }, takesNote: false }), reader),
      renderLinkPage(linkPageView({ price: { kind: 'open', min: '5.00', max: null } }), reader),
      renderLinkPage(linkPageView({ price: { kind: 'open', min: null, max: '50.00' } }), reader),
      ...PAGE_FAULTS.map((fault) => renderLinkPage(linkPageView({ fault }), reader)),
    ],
    renderClosedLinkPage: CLOSED.map((why) => renderClosedLinkPage(why, linkPageView(), reader)),
  };
}
