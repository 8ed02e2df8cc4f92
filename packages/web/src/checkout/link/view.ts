/** What the page of a payment link shows. Texts of the shop are shown as text, never as HTML. */
export interface LinkPageView extends LinkPageFrame {
  name: string;
  title: string;
  description: string | null;
  currency: string;
  /** Decimal strings. */
  price: { kind: 'fixed'; amount: string } | { kind: 'open'; min: string | null; max: string | null };
  takesNote: boolean;
  maxNoteCharacters: number;
  /** Sent with the form, so that it opens one order if it is sent twice. */
  token: string;
  /** What the buyer has typed in the form that was refused. */
  typed: { amount: string; note: string };
  fault: LinkPageFault | null;
  isSandbox: boolean;
}

export interface LinkPageFrame {
  basePath: string;
  /** The path of the page, without the prefix. */
  path: string;
  merchantName: string | null;
  /** The merchant's colour; null: the default. */
  accent: string | null;
  logoUrl: string | null;
}

/** Why the form did not open an order. */
export type LinkPageFault =
  | { field: 'amount'; kind: 'invalid' | 'unpayable' }
  | { field: 'amount'; kind: 'below' | 'above'; limit: string }
  | { field: 'note' }
  /** Not possible now, such as without a rate. */
  | { field: null };

/** Why a link cannot be paid. */
export type ClosedLink = 'sold_out' | 'expired' | 'disabled' | 'unknown' | 'busy';
