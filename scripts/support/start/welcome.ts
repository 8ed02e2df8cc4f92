/** What `npm start` prints at its beginning and at its end. */
import type { Config } from '@webpos/gateway';
import type { ShopCredentials } from '../create-shop.ts';
import { credentialsLines, CURL_LINES, TYPESCRIPT_LINES } from './first-order.ts';
import type { Paint } from './paint.ts';

export interface Started {
  readonly gatewayUrl: string;
  readonly shopUrl: string;
  /** Opens the panel in one browser, within ten minutes. */
  readonly panelCode: string;
  readonly credentials: ShopCredentials;
}

/** Code begins at the left margin, so that it can be copied as it is. */
export function welcome({ gatewayUrl, shopUrl, panelCode, credentials }: Started, paint: Paint): string {
  const title = (text: string): string => `\n${paint.bold(text)}\n`;
  return [
    paint.bold('WebPOS sandbox: the whole gateway, with bitcoin that is worth nothing.'),
    '',
    `  Gateway    ${paint.cyan(gatewayUrl)}  what is running, with links to everything`,
    `  Demo shop  ${paint.cyan(shopUrl)}  buy something here, and watch this window`,
    `  Panel      ${paint.cyan(`${gatewayUrl}/panel`)}  enter ${paint.bold(panelCode)} within 10 minutes; it works once`,
    title('Your first order, from a second terminal in this folder:'),
    credentialsLines(gatewayUrl, credentials),
    title('with curl:'),
    CURL_LINES,
    title('or with TypeScript:'),
    TYPESCRIPT_LINES,
    `\n${paint.dim('Every order, payment and callback appears below. Stop with Ctrl+C.')}\n`,
  ].join('\n');
}

/** Says what is stored, without the URL of a database, which may contain a password. */
export function farewell({ databaseUrl, keyFile }: Pick<Config, 'databaseUrl' | 'keyFile'>): string {
  const [, file] = /^sqlite:(.+)$/.exec(databaseUrl) ?? [];
  const database = file ?? 'the database of WEBPOS_DATABASE_URL';
  return [
    `Stopped. Orders, the shop and its wallet are kept in ${database}, the keys in ${keyFile}.`,
    `"npm start" goes on from there.${file === undefined ? '' : ` To begin anew, delete ${file}* and ${keyFile}*.`}`,
  ].join('\n');
}
