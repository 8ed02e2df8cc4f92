/** Which pictures are taken of the panel. */
import type { PanelStage } from './panel-stage.ts';

export interface PanelPicture {
  readonly name: string;
  readonly path: string;
  readonly screen: 'phone' | 'desktop';
  readonly scheme: 'light' | 'dark';
  readonly language: string;
  /** Whether nobody is logged in. */
  readonly isPublic: boolean;
}

const SCREENS = ['phone', 'desktop'] as const;
/** Pages for people who are not logged in. */
const PUBLIC = new Set(['login', 'welcome', 'public-link']);
const DARK = ['dashboard', 'order', 'refund'];
const TRANSLATED = [
  ['orders', 'de'],
  ['order', 'ar'],
  ['callbacks', 'ar'],
  ['callbacks', 'ja'],
  ['refund', 'ja'],
  ['dashboard', 'de'],
] as const;

/** @param paths of the pages that are about one thing. */
export function panelPictures(paths: PanelStage['paths']): readonly PanelPicture[] {
  const today = new Date().toISOString().slice(0, 10);
  const monthAgo = new Date(Date.now() - 30 * 86_400_000).toISOString().slice(0, 10);
  const pages: Readonly<Record<string, string>> = {
    login: '/panel/login',
    welcome: paths.welcome,
    dashboard: '/panel',
    orders: '/panel/orders',
    order: paths.order,
    receipt: `${paths.order}/receipt`,
    refunds: '/panel/refunds',
    refund: paths.refund,
    callbacks: '/panel/callbacks',
    callback: paths.callback,
    links: '/panel/links',
    'link-form': '/panel/links/new',
    link: paths.link,
    poster: `${paths.link}/poster`,
    'public-link': paths.publicLink,
    reports: `/panel/reports?kind=payments&format=csv&from=${monthAgo}&to=${today}`,
    settings: '/panel/settings',
    merchant: paths.merchant,
    pos: paths.pos,
    wallets: '/panel/settings/wallets',
    secrets: '/panel/settings/secrets',
    notifications: '/panel/notifications',
    people: '/panel/people',
    profile: '/panel/profile',
    audit: '/panel/audit',
  };
  const picture = (name: string, changes: Partial<PanelPicture>): PanelPicture => ({
    name,
    path: pages[name] ?? '',
    screen: 'phone',
    scheme: 'light',
    language: 'en',
    isPublic: PUBLIC.has(name),
    ...changes,
  });
  return [
    ...SCREENS.flatMap((screen) => Object.keys(pages).map((name) => picture(name, { screen }))),
    ...SCREENS.flatMap((screen) => DARK.map((name) => picture(name, { screen, scheme: 'dark' }))),
    ...TRANSLATED.map(([name, language]) => picture(name, { language })),
  ];
}

/** The file of a picture, without its extension. */
export function fileOf({ name, screen, scheme, language }: PanelPicture): string {
  return [screen, scheme, name, ...(language === 'en' ? [] : [language])].join('-');
}
