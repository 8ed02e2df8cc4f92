/** Every command of `webpos`: what runs it, and how its use is told. */
import { accountCreate } from './account/account-create.ts';
import { accountExport } from './account/account-export.ts';
import { accountList } from './account/account-list.ts';
import { accountSkip } from './account/account-skip.ts';
import { backup } from './gateway/backup.ts';
import { callbackEndpoints } from './callback/callback-endpoints.ts';
import { callbackList } from './callback/callback-list.ts';
import { callbackRedeliver } from './callback/callback-redeliver.ts';
import { callbackShow } from './callback/callback-show.ts';
import { callbackTest } from './callback/callback-test.ts';
import { chainRestartAt } from './gateway/chain-restart-at.ts';
import type { Command } from './command.ts';
import { accountDelete, posDelete } from './pos/delete-commands.ts';
import { doctor } from './gateway/doctor.ts';
import { LISTEN_DOES, LISTEN_MORE, LISTEN_TAKES } from '@webpos/listen/help';
import { listen } from './gateway/listen.ts';
import { orderDecide } from './order/order-decide.ts';
import { keyRenew } from './gateway/key-renew.ts';
import { orderList } from './order/order-list.ts';
import { orderShow } from './order/order-show.ts';
import { panelClose, panelLogin, panelToken } from './gateway/panel.ts';
import { paymentAcknowledge } from './payment/payment-acknowledge.ts';
import { paymentUnassigned } from './payment/payment-unassigned.ts';
import { posCreate } from './pos/pos-create.ts';
import { posList } from './pos/pos-list.ts';
import { LOOK_MORE, LOOK_TAKES } from './pos/pos-look.ts';
import { posRotateSecret } from './pos/pos-rotate-secret.ts';
import { TERMS_MORE, TERMS_TAKES } from './pos/pos-terms.ts';
import { posSwitch } from './pos/pos-switch.ts';
import { posUpdate } from './pos/pos-update.ts';
import { rates } from './gateway/rates.ts';
import { restore } from './gateway/restore.ts';
import { serve } from './gateway/serve.ts';
import { version } from './gateway/version.ts';

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
    'chain restart-at',
    {
      run: chainRestartAt,
      takes: '(--height N | --tip) [--accept-loss] [--json]',
      does: 'set the position in the chain by hand, where blocks are to be had from nobody; says first what that gives up',
      more: `--height N        go on behind this block; below the present position, what follows is read again
--tip             go on behind the node's best block
--accept-loss     do it; without it, what would be given up is said and nothing is changed

Stop webpos serve before. What was paid in the blocks in between and is still unspent is looked for at the addresses of all open
orders and the newest 10,000 (scantxoutset, some minutes on the main network). What was paid there and spent again is never seen.
The position is to be set only where /readyz or webpos doctor says so: blocks that a peer still has are fetched by themselves.`,
    },
  ],
  [
    'account create',
    {
      run: accountCreate,
      takes: `--name NAME (--descriptor D | --xpub X) [--accept-unusual-path]
             [--first-index N] [--no-scan] [--json]`,
      does: 'register a wallet by its public key; never a private key',
      more: `--name NAME         what it is called here
--descriptor D      an output descriptor, such as wpkh([d34db33f/84h/0h/0h]xpub.../0/*)
--xpub X            the bare key of an account: ypub, upub (BIP 49), zpub, vpub, xpub or tpub (BIP 84)
--accept-unusual-path
                    accept a path that does not fit the kind of address or the network, or a change branch (/1/*)
--first-index N     the first order gets address N, where the wallet has been used before; 0 unless told otherwise,
                    10000000 at most
--no-scan           do not ask the node which addresses hold bitcoin

The node is asked which addresses hold bitcoin, which may take minutes, and orders get addresses after the last of them. It knows
unspent outputs alone: where the wallet has spent what it received, give --first-index as well. The larger of the two counts.`,
    },
  ],
  [
    'account skip',
    {
      run: accountSkip,
      takes: '--account UUID --to N [--json]',
      does: 'skip addresses that may have been handed out elsewhere, also while a gateway serves',
      more: `--account UUID      the account
--to N              the address that the next order gets; larger than the next index that account list shows, by 100000 at most

Addresses are never handed out again: this cannot be undone.`,
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
    'account delete',
    {
      run: accountDelete,
      takes: '--account UUID [--json]',
      does: 'take away a wallet of which no address was handed out, and that no point of sale uses',
      more: '--account UUID      the account',
    },
  ],
  [
    'pos create',
    {
      run: posCreate,
      takes: `--name NAME --account UUID --currency EUR
             ${TERMS_TAKES}
             ${LOOK_TAKES} [--json]`,
      does: 'make a point of sale; its secret is shown once',
      more: `${TERMS_MORE}\n${LOOK_MORE}`,
    },
  ],
  [
    'pos update',
    {
      run: posUpdate,
      takes: `${WHICH_POS} [--name NAME] [--account UUID] [--currency EUR]
             ${TERMS_TAKES}
             ${LOOK_TAKES} [--json]`,
      does: 'change what a point of sale gives its orders and how its pages look; what is not given stays, and none takes it away',
      more: `${POS_MORE}\n${TERMS_MORE}\n${LOOK_MORE}

Orders that exist keep their terms.`,
    },
  ],
  ['pos list', { run: posList, takes: '[--json]', does: 'show every point of sale; never a secret' }],
  [
    'pos rotate-secret',
    {
      run: posRotateSecret,
      takes: `${WHICH_POS} [--complete | --cancel] [--json]`,
      does: 'make a second secret, shown once; with --complete, end the first; with --cancel, take the second back',
      more: `${POS_MORE}
--complete        the old secret and its access tokens end now; callbacks are signed with the new one
--cancel          the new secret ends now and the old one goes on, with new access tokens

Until then, for a day at most, both secrets log in and callbacks are signed with the old one.`,
    },
  ],
  [
    'pos disable',
    {
      run: posSwitch(false),
      takes: `${WHICH_POS} [--json]`,
      does: 'switch a point of sale off: no login, and its access tokens end at once',
      more: `${POS_MORE}\n\nIts open orders are watched, and reported, until they end.`,
    },
  ],
  [
    'pos enable',
    { run: posSwitch(true), takes: `${WHICH_POS} [--json]`, does: 'let a point of sale log in again', more: POS_MORE },
  ],
  [
    'pos delete',
    {
      run: posDelete,
      takes: `${WHICH_POS} [--json]`,
      does: 'take away a point of sale that has no orders',
      more: `${POS_MORE}\n\nOne that has orders is switched off by pos disable.`,
    },
  ],
  [
    'order list',
    {
      run: orderList,
      takes: `[--search TEXT] [--since TIME] [--until TIME] [--needs-attention] [--status STATUS] [--pos UUID]
             [--before UUID | --after UUID] [--limit N] [--json]`,
      does: 'show the newest orders, those that match a search, or those that a person has to look at',
      more: `--search TEXT     a UUID or its first eight characters, an address, a transaction id, a whole reference, or an amount:
                  10.00 or "10.00 EUR" as it was asked for, 16667 or "0.00016667 BTC" as a payment had it
--since TIME      made at this time or later, such as 2026-11-23 or 2026-11-23T18:00:00Z
--until TIME      made before this time
--needs-attention those with late bitcoin, too little, too much, or in dispute, until they are settled or refused
--status STATUS   where it stands on the chain, such as pending, partial, paid, expired
--pos UUID        of one POS
--before UUID     those that were made before this one: the next page
--after UUID      those that were made after this one: the page before
--limit N         how many, 1 to 1000; 20 unless told otherwise`,
    },
  ],
  [
    'order show',
    { run: orderShow, takes: 'UUID [--json]', does: 'show all that is stored of an order: terms, payments, events, history' },
  ],
  [
    'order settle',
    {
      run: orderDecide('settle'),
      takes: 'UUID --reason TEXT [--json]',
      does: 'accept what has come as the whole payment of an order, be it less, late or nothing',
      more: `--reason TEXT     why, for the history of the order

The order is paid, and its shop is sent payment.completed (payment.dispute.end, if it was in dispute). What has come is followed on
the chain as ever: if it is lost, the order is disputed. Works beside a gateway that serves.`,
    },
  ],
  [
    'order refuse',
    {
      run: orderDecide('refuse'),
      takes: 'UUID --reason TEXT [--json]',
      does: 'close an order without accepting what has come, or note that what came late or too much is dealt with',
      more: `--reason TEXT     why, for the history of the order

An open order is cancelled, and its shop is sent payment.cancelled. One that is over or has too much keeps its state, and needs no
attention until more comes. No bitcoin is sent back: do that from your wallet. Works beside a gateway that serves.`,
    },
  ],
  [
    'payment unassigned',
    {
      run: paymentUnassigned,
      takes: '[--account UUID] [--all] [--limit N] [--json]',
      does: 'show bitcoin that reached an address that no order has',
      more: `--account UUID    of one account
--all             also what was acknowledged
--limit N         how many, 1 to 1000; 20 unless told otherwise; the newest first`,
    },
  ],
  [
    'payment acknowledge',
    {
      run: paymentAcknowledge,
      takes: '--output TXID:VOUT --note TEXT [--json]',
      does: 'note that an unassigned payment was dealt with: it is no longer warned of',
      more: `--output TXID:VOUT   the payment, as webpos payment unassigned shows it
--note TEXT          what became of it, such as "refunded on 3 May"; at most 500 characters

It moves no bitcoin and settles no order.`,
    },
  ],
  ['listen', { run: listen, takes: LISTEN_TAKES, does: LISTEN_DOES, more: LISTEN_MORE }],
  [
    'callback list',
    {
      run: callbackList,
      takes: '[--order UUID] [--pos UUID] [--status STATUS] [--endpoint URL] [--before UUID] [--limit N] [--json]',
      does: 'show the newest callbacks, and what became of them',
      more: `--order UUID      of one order
--pos UUID        of one POS
--status STATUS   waiting, delivered, failed (given up) or not_wanted (there is no URL)
--endpoint URL    to one host and port, such as https://shop.example
--before UUID     those that are older than this one
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

It is a payment.expired of a nonexistent order, signed as every other. Status 1 when it was not acknowledged.`,
    },
  ],
  [
    'callback redeliver',
    {
      run: callbackRedeliver,
      takes: '(UUID | --failed-since TIME [--pos UUID] [--endpoint URL]) [--url URL] [--json]',
      does: 'have the gateway that serves send callbacks again, within seconds',
      more: `--failed-since TIME   all that were given up since then, such as 2026-11-23T18:00:00Z
--pos UUID            of these, those of one POS
--endpoint URL        of these, those that go to one host and port
--url URL             where they go from now on, with all later events of their orders

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
    'backup',
    {
      run: backup,
      takes: 'TARGET [--json]',
      does: 'copy the database, the key file and the marks into a new folder, also while a gateway serves',
      more: `TARGET            the folder to make; one that exists is never overwritten

The copy is of one moment, and is read back before the folder gets its name. On PostgreSQL the folder has the key file and the marks, and
the command prints the pg_dump to run.`,
    },
  ],
  [
    'restore',
    {
      run: restore,
      takes: 'SOURCE [--json]',
      does: 'put a backup where the settings say, while no gateway serves; nothing is overwritten',
      more: `SOURCE            the folder of a backup

Checks first that the backup is whole and that its key opens its secrets. A marks file that is there is kept: the higher mark of each
wallet counts. On PostgreSQL, bring the tables back with pg_restore first.`,
    },
  ],
  [
    'key renew',
    {
      run: keyRenew,
      takes: '[--replace-working-key] [--json]',
      does: 'make a new key file and a new secret for every POS, shown once, after the key file was lost',
      more: `--replace-working-key   also when the key file works: since others know it

While no gateway serves. Every old secret and access token ends; orders go on. When it was interrupted, run it again.`,
    },
  ],
  ['version', { run: async (world, _config, words) => version(world, words), takes: '[--json]', does: 'print the version' }],
  [
    'rates',
    {
      run: rates,
      takes: '[--currency EUR] [--json]',
      does: 'ask every source of rates once, and show what comes of it',
      more: '--currency EUR    what one bitcoin is worth in this currency; EUR unless told otherwise',
    },
  ],
]);
