/** Every command of `webpos`: what runs it, and how its use is told. */
import { accountCreate } from './account-create.ts';
import { accountExport } from './account-export.ts';
import { accountList } from './account-list.ts';
import { callbackEndpoints } from './callback-endpoints.ts';
import { callbackList } from './callback-list.ts';
import { callbackRedeliver } from './callback-redeliver.ts';
import { callbackShow } from './callback-show.ts';
import { callbackTest } from './callback-test.ts';
import type { Command } from './command.ts';
import { doctor } from './doctor.ts';
import { orderList } from './order-list.ts';
import { orderShow } from './order-show.ts';
import { panelClose, panelLogin, panelToken } from './panel.ts';
import { posCreate } from './pos-create.ts';
import { posList } from './pos-list.ts';
import { LOOK_MORE, LOOK_TAKES } from './pos-look.ts';
import { posRotateSecret } from './pos-rotate-secret.ts';
import { posSwitch } from './pos-switch.ts';
import { posUpdate } from './pos-update.ts';
import { rates } from './rates.ts';
import { serve } from './serve.ts';

export interface CommandEntry {
  readonly run: Command;
  /** What may follow its name. */
  readonly takes: string;
  /** What it does, in a line. */
  readonly does: string;
  /** What else its own help says. */
  readonly more?: string;
}

const WHICH_POS = '(--pos UUID | --client-id ID)';
const POS_MORE = `--pos UUID        the POS, by its UUID
--client-id ID    the POS, by the client id that its shop logs in with`;

export const COMMANDS: ReadonlyMap<string, CommandEntry> = new Map<string, CommandEntry>([
  [
    'doctor',
    { run: doctor, takes: '[--json]', does: 'look at all that a gateway with these settings needs, and say what is wrong' },
  ],
  ['serve', { run: serve, takes: '[--json]', does: 'serve the API, watch the chain, send callbacks' }],
  [
    'account create',
    {
      run: accountCreate,
      takes: '--name NAME (--descriptor D | --xpub X) [--json]',
      does: 'register a wallet by its public key; never a private key',
      more: `--name NAME         what it is called here
--descriptor D      an output descriptor, such as wpkh([d34db33f/84h/0h/0h]xpub.../0/*)
--xpub X            the bare key of an account: ypub, upub (BIP 49), zpub, vpub, xpub or tpub (BIP 84)`,
    },
  ],
  [
    'account list',
    {
      run: accountList,
      takes: '[--json]',
      does: 'show every wallet, its next address, and how many before it were never paid',
    },
  ],
  [
    'account export',
    {
      run: accountExport,
      takes: '--account UUID [--json]',
      does: 'print what your own wallet needs to see every payment',
      more: `--account UUID      the account

Prints the descriptor of its receiving addresses with a checksum, and what Bitcoin Core's importdescriptors takes.`,
    },
  ],
  [
    'pos create',
    {
      run: posCreate,
      takes: `--name NAME --account UUID --currency EUR [--callback-url U] [--continue-url U] [--cancel-url U]
             [--required-confirmations N] [--type web|mobile] [--rates default|NAME] [--spread PERCENT]
             ${LOOK_TAKES} [--json]`,
      does: 'make a point of sale; its secret is shown once',
      more: LOOK_MORE,
    },
  ],
  [
    'pos update',
    {
      run: posUpdate,
      takes: `${WHICH_POS} [--name NAME]
             ${LOOK_TAKES} [--json]`,
      does: 'change the name of a point of sale and how its pages look; what is not given stays, and none takes it away',
      more: `${POS_MORE}\n${LOOK_MORE}`,
    },
  ],
  ['pos list', { run: posList, takes: '[--json]', does: 'show every point of sale; never a secret' }],
  [
    'pos rotate-secret',
    {
      run: posRotateSecret,
      takes: `${WHICH_POS} [--complete] [--json]`,
      does: 'make a second secret, shown once; with --complete, end the first',
      more: `${POS_MORE}
--complete        the old secret and its access tokens end now; callbacks are signed with the new one

Until then, for a day at most, both secrets log in and callbacks are signed with the old one.`,
    },
  ],
  [
    'pos disable',
    {
      run: posSwitch(false),
      takes: `${WHICH_POS} [--json]`,
      does: 'switch a point of sale off: no login, and its access tokens end at once',
      more: `${POS_MORE}\n\nIts open orders are watched, and told of, until their end.`,
    },
  ],
  [
    'pos enable',
    { run: posSwitch(true), takes: `${WHICH_POS} [--json]`, does: 'let a point of sale log in again', more: POS_MORE },
  ],
  [
    'order list',
    {
      run: orderList,
      takes: '[--status STATUS] [--pos UUID] [--limit N] [--json]',
      does: 'show the newest orders',
      more: `--status STATUS   where it stands on the chain, such as pending, partial, paid, expired
--pos UUID        of one POS
--limit N         how many, 1 to 1000; 20 unless told otherwise`,
    },
  ],
  [
    'order show',
    { run: orderShow, takes: 'UUID [--json]', does: 'show all that is stored of an order: terms, payments, events' },
  ],
  [
    'callback list',
    {
      run: callbackList,
      takes: '[--order UUID] [--pos UUID] [--status STATUS] [--endpoint URL] [--behind UUID] [--limit N] [--json]',
      does: 'show the newest callbacks, and what became of them',
      more: `--order UUID      of one order
--pos UUID        of one POS
--status STATUS   waiting, delivered, failed (given up) or not_wanted (there is no URL)
--endpoint URL    to one host and port, such as https://shop.example
--behind UUID     those that are older than this one
--limit N         how many, 1 to 1000; 20 unless told otherwise`,
    },
  ],
  [
    'callback show',
    { run: callbackShow, takes: 'UUID [--json]', does: 'show a callback with its body, and every attempt to deliver it' },
  ],
  [
    'callback endpoints',
    { run: callbackEndpoints, takes: '[--json]', does: 'show where callbacks go that fail or wait, and since when' },
  ],
  [
    'callback test',
    {
      run: callbackTest,
      takes: `${WHICH_POS} [--url U] [--json]`,
      does: 'send a test event to a shop now, and tell what came of it',
      more: `${POS_MORE}
--url U           where to, if not to the callback URL of the POS

It is a payment.expired of an order that there is not, signed as every other. Status 1 when it was not acknowledged.`,
    },
  ],
  [
    'callback redeliver',
    {
      run: callbackRedeliver,
      takes: '(UUID | --failed-since TIME [--pos UUID] [--endpoint URL]) [--json]',
      does: 'have the gateway that serves send callbacks again, within seconds',
      more: `--failed-since TIME   all that were given up since then, such as 2026-11-23T18:00:00Z
--pos UUID            of these, those of one POS
--endpoint URL        of these, those that go to one host and port

The events of an order go out in their order: one that waits behind an earlier one says so.`,
    },
  ],
  [
    'panel login',
    { run: panelLogin, takes: '[--json]', does: 'make a code that opens the panel in one browser, within ten minutes' },
  ],
  [
    'panel token',
    {
      run: panelToken,
      takes: '[--days N] [--json]',
      does: 'make a token for a program that uses the API of the panel',
      more: '--days N          how long it is good, 1 to 3650; 90 unless told otherwise',
    },
  ],
  ['panel close', { run: panelClose, takes: '[--json]', does: 'end every session, token and code of the panel' }],
  [
    'rates',
    { run: rates, takes: '[--currency EUR] [--json]', does: 'ask every source of rates once, and show what comes of it' },
  ],
]);
