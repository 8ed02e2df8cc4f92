/** Formats an activity of the gateway as one line: the time, the kind, the order, and the rest. */
import type { Activity } from '@webpos/gateway';
import type { Paint } from './paint.ts';

/** The length of a shortened order UUID: enough to distinguish orders, and accepted by `webpos order list --search`. */
const SHORT_UUID = 8;
const KIND_WIDTH = 9;
const SATOSHI_DECIMALS = 8;

/**
 * @returns undefined if another line says the same: that an order is pending, or that its payment has been seen.
 * @example activityLine({ kind: 'status', order: '9f2c1a6b-…', status: 'paid' }, new Date(), paint) // '13:37:05  paid      9f2c1a6b'
 */
export function activityLine(activity: Activity, at: Date, paint: Paint): string | undefined {
  const described = describe(activity, paint);
  if (described === undefined) return undefined;
  const time = paint.dim(at.toLocaleTimeString('en-GB'));
  return [time, described.kind, activity.order.slice(0, SHORT_UUID), ...described.rest].join('  ').trimEnd();
}

interface Described {
  /** Padded before colouring. */
  readonly kind: string;
  readonly rest: readonly string[];
}

function describe(activity: Activity, paint: Paint): Described | undefined {
  switch (activity.kind) {
    case 'order': {
      const { amount, currency, satoshi, details } = activity;
      const price = `${amount} ${currency} = ${bitcoin(satoshi)}`;
      return { kind: paint.bold(padded('order')), rest: details === null ? [price] : [price, inOneLine(details)] };
    }
    case 'payment': {
      const { satoshi, received, owed } = activity;
      return { kind: paint.cyan(padded('payment')), rest: [bitcoin(satoshi), received < owed ? `of ${bitcoin(owed)}` : 'seen'] };
    }
    case 'status':
      return describeStatus(activity.status, paint);
    case 'callback':
      return describeCallback(activity, paint);
  }
}

function describeStatus(status: string, paint: Paint): Described | undefined {
  switch (status) {
    case 'paid':
      return { kind: paint.green(padded('paid')), rest: [] };
    case 'expired':
    case 'cancelled':
      return { kind: paint.dim(padded(status)), rest: [] };
    case 'network_dispute':
    case 'mempool_network_dispute':
    case 'possible_chargeback':
    case 'chargeback':
      return { kind: paint.yellow(padded('dispute')), rest: [status] };
    default:
      return undefined;
  }
}

function describeCallback(
  { event, url, outcome, status, durationMs, error }: Extract<Activity, { kind: 'callback' }>,
  paint: Paint,
): Described {
  const to = url === null ? 'nowhere' : new URL(url).host;
  const head = `${event} to ${to}:`;
  if (outcome === 'delivered')
    return { kind: paint.green(padded('callback')), rest: [`${head} ${status ?? 'acknowledged'} after ${durationMs} ms`] };
  const next = outcome === 'retry' ? 'will be retried' : 'given up';
  return { kind: paint.red(padded('callback')), rest: [`${head} ${inOneLine(error ?? 'failed')}, ${next}`] };
}

function padded(kind: string): string {
  return kind.padEnd(KIND_WIDTH);
}

/** @example bitcoin(5834n) // '0.000 058 34 BTC' */
function bitcoin(satoshi: bigint): string {
  const digits = satoshi.toString().padStart(SATOSHI_DECIMALS + 1, '0');
  const [whole, decimals] = [digits.slice(0, -SATOSHI_DECIMALS), digits.slice(-SATOSHI_DECIMALS)];
  return `${whole}.${decimals.replace(/(\d{3})(?=\d)/g, '$1 ')} BTC`;
}

/** Removes control characters from foreign text, which could move the cursor or reverse the text. */
function inOneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu, '\ufffd');
}
