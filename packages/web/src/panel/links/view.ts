/** What the pages of payment links show. Times are ISO 8601; amounts are decimal strings; texts are shown as text, never as HTML. */
import type { PanelFrame } from '../frame/panel-frame.ts';

export type LinkState = 'available' | 'disabled' | 'expired' | 'sold_out';

export interface PanelLink {
  uuid: string;
  name: string;
  url: string;
  title: string;
  description: string | null;
  posName: string;
  currency: string;
  /** Null if the buyer enters it. */
  amount: string | null;
  minAmount: string | null;
  maxAmount: string | null;
  quantity: number | null;
  expiresAt: string | null;
  takesNote: boolean;
  active: boolean;
  state: LinkState;
  paid: number;
  open: number;
}

export interface LinksView extends PanelFrame {
  links: readonly PanelLink[];
  /** The last link of the page; null on the last page. */
  next: string | null;
  isFirst: boolean;
}

export interface LinkDetailsView extends PanelFrame {
  link: PanelLink;
  orders: readonly PanelLinkOrder[];
  next: string | null;
}

export interface PanelLinkOrder {
  uuid: string;
  createdAt: string;
  amount: string;
  currency: string;
  status: 'pending' | 'paid' | 'disputed' | 'charged_back' | 'expired' | 'cancelled';
}

export const LINK_FIELDS = [
  'pos',
  'name',
  'title',
  'description',
  'amount',
  'min_amount',
  'max_amount',
  'quantity',
  'expires_at',
  'takes_note',
] as const;
export type LinkFormField = (typeof LINK_FIELDS)[number];

export type LinkFormFault =
  'required' | 'too_long' | 'characters' | 'amount' | 'fixed_and_open' | 'below_min' | 'quantity' | 'time' | 'name' | 'taken';

export interface LinkFormView extends PanelFrame {
  /** The link that is edited; null for a new one. */
  link: Pick<PanelLink, 'uuid' | 'title'> | null;
  /** Where a new link may belong to. */
  pos: readonly { uuid: string; name: string; currency: string }[];
  typed: Readonly<Partial<Record<LinkFormField, string>>>;
  faults: Readonly<Partial<Record<LinkFormField, LinkFormFault>>>;
}

export interface LinkPosterView extends PanelFrame {
  link: PanelLink;
}
