/** What an e-mail says of a notice: a sentence, and lines with its details. */
import type { PanelWords } from '../../frame/wording.ts';
import type { MailNotice } from './mail-view.ts';
import type { MailText } from './texts/en.ts';

export interface NoticeLines {
  readonly sentence: string;
  /** The sentence without its full stop, and the amount if the person wants it there. */
  readonly subject: string;
  readonly time: string;
  readonly details: readonly string[];
  readonly link: string | null;
}

export interface LineOptions {
  readonly words: PanelWords<MailText>;
  readonly timeZone: string;
  readonly hasAmountsInSubject: boolean;
}

export function noticeLines(notice: MailNotice, { words, timeZone, hasAmountsInSubject }: LineOptions): NoticeLines {
  const { order, values, amount } = notice;
  const sentence = words.plain(notice.text, { ...values, order: order?.number ?? '' });
  const price = order?.fiat == null ? null : words.fiat(order.fiat.amount, order.fiat.currency);
  const sum = price ?? (amount === null ? null : words.bitcoin(amount));
  return {
    sentence,
    subject: sentence.replace(/[.。]$/, '') + (hasAmountsInSubject && sum !== null ? ` · ${sum}` : ''),
    time: localTime(notice.at, words, timeZone),
    details: detailsOf(notice, words, timeZone, price),
    link: notice.link,
  };
}

function detailsOf(
  notice: MailNotice,
  { plain, bitcoin, reader }: PanelWords<MailText>,
  timeZone: string,
  price: string | null,
): string[] {
  const { pos, order, amount, values } = notice;
  const { error, trouble, since, device, txid } = values;
  const lines: (string | false)[] = [
    amount !== null && plain('received', { amount: bitcoin(amount) }),
    price !== null && plain('price', { amount: price }),
    order?.reference != null && plain('reference', { reference: order.reference }),
    pos !== null && plain('pos', { pos: pos.name }),
    isText(trouble) && plain('reason', { trouble }),
    isText(error) && plain('error', { error }),
    isText(since) && plain('since', { time: localTime(since, { reader }, timeZone) }),
    isText(device) && plain('device', { device }),
    isText(txid) && plain('transaction', { txid }),
  ];
  return lines.filter((line) => line !== false);
}

function isText(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}

function localTime(iso: string, { reader }: Pick<PanelWords<MailText>, 'reader'>, timeZone: string): string {
  const format = new Intl.DateTimeFormat(`${reader.locale}-u-nu-latn`, {
    timeZone,
    hourCycle: 'h23',
    timeZoneName: 'short',
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  });
  return format.format(new Date(iso));
}
