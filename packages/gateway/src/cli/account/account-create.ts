import { randomBytes, randomUUID } from 'node:crypto';
import { systemClock } from '../../kernel/clock.ts';
import { describeMode } from '../../merchants/describe-mode.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import { describeSkip } from '../../merchants/describe-skip.ts';
import { createAccount } from '../../services/merchants/create-account.ts';
import type { AccountWallet, ScriptType } from '../../wallet/account-wallet.ts';
import { olderClientsThatRefuse } from '../../wallet/older-clients.ts';
import { parseAccount, type AccountInput } from '../../wallet/descriptor/parse-account.ts';
import type { CliBase, CliWorld, Command, WalletScanner } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import type { Options } from '../support/options.ts';
import { namingTheMode } from '../support/naming-the-mode.ts';
import { readName } from '../support/read-name.ts';
import { UsageError } from '../support/usage-error.ts';
import { withBase } from '../support/with-base.ts';

/** No shop has handed out more addresses. A typing error above could never be undone, and might leave no address at all. */
const MAX_FIRST_INDEX = 10_000_000;
/** Progress is reported each time it has grown by this much. */
const PROGRESS_STEP_PERCENT = 10;

/** `webpos account create`: registers a wallet and shows its first addresses, to compare with those in the merchant's wallet. */
export const accountCreate: Command = defineCommand({
  name: 'account create',
  summary: 'Register a wallet by its public key',
  usage: '--name NAME (--descriptor D | --xpub X)',
  options: {
    name: { value: 'NAME', text: 'name of the account', allowed: '1 to 64 characters' },
    descriptor: {
      value: 'D',
      text: 'output descriptor of the wallet',
      allowed: 'public keys only, such as wpkh([d34db33f/84h/0h/0h]xpub.../0/*)',
    },
    xpub: {
      value: 'X',
      text: "extended public key of the wallet's account",
      allowed: 'ypub or upub (BIP 49), or zpub, vpub, xpub or tpub (BIP 84)',
    },
    'accept-unusual-path': {
      text: 'accept a derivation path that does not fit the address type or the network, or a change branch (/1/*)',
    },
    'first-index': {
      value: 'N',
      text: "index of the first order's address, if the wallet has been used before",
      allowed: `0 to ${MAX_FIRST_INDEX}`,
      default: '0',
    },
    'no-scan': { text: 'do not ask the node which addresses hold bitcoin' },
  },
  notes: [
    'Never enter a private key; the gateway does not accept any.',
    'The node is asked which addresses of the wallet hold bitcoin, which may take minutes, and orders get addresses after the last of ' +
      'them. The node knows only unspent outputs: if the wallet has spent what it received, give --first-index as well. The higher ' +
      'index applies.',
  ],
  example: '--name Shop --xpub zpub6r...',
  run: async (world, config, options) => {
    const name = readName(options);
    const wallet = readWallet(options);
    const firstIndex = options.integer('first-index', 0, { min: 0, max: MAX_FIRST_INDEX });
    const scanner = options.flag('no-scan') ? undefined : world.scanWallet(config);
    // Refuses a wrong wallet before a database is created for it.
    namingTheMode(config, () => parseAccount(wallet, config.network));
    const create = async ({ store, marks, keys }: CliBase): Promise<void> => {
      const { account, scriptType, firstAddresses } = await createAccount(
        { store, clock: systemClock, newUuid: randomUUID, network: config.network, keys: await keys() },
        { name, wallet, acceptUnusualPath: options.flag('accept-unusual-path') },
        {
          firstIndex,
          marks: { file: marks, session: randomBytes(8).toString('hex') },
          ...(scanner && { lastPaid: (parsed, from) => scanNode(world, scanner, parsed, from) }),
        },
      );
      const skipped = await store.accounts.skippedRanges(account.id);
      const addresses = firstAddresses.map(({ address }) => address);
      const notes = notesOn(wallet, scriptType);
      if (options.json) {
        const { id: uuid, network, descriptor, nextIndex: next_index } = account;
        return world.out(
          JSON.stringify({ uuid, name, network, script_type: scriptType, descriptor, next_index, addresses, notes }),
        );
      }
      world.out(`Account ${account.id} (${name}, ${describeMode(config)})`);
      world.out(`  ${account.descriptor}`);
      for (const note of notes) world.out(note);
      if (account.nextIndex > 0) world.out(`The first order gets address ${account.nextIndex}.`);
      for (const range of skipped) world.out(`Note: ${describeSkip(range)}.`);
      world.out('Compare its first addresses with those in your wallet. If they differ, do not use this account:');
      for (const [index, address] of addresses.entries()) world.out(`  ${index}  ${address}`);
    };
    await withBase(world, config, create, { create: true });
  },
});

/** Asks the node, reports progress on standard error, and aborts the scan when the command is asked to stop. */
async function scanNode(world: CliWorld, scan: WalletScanner, wallet: AccountWallet, from: number): Promise<number | undefined> {
  const stopping = new AbortController();
  world.onInterrupt?.(() => stopping.abort(new OperatorError('interrupted; no account was created')));
  let reported = '';
  const report = (line: string): void => {
    if (line !== reported) world.err(line);
    reported = line;
  };
  report('Asking the node which addresses of the wallet hold bitcoin; --no-scan skips this.');
  try {
    return await scan(wallet, from, {
      signal: stopping.signal,
      progress: ({ percent, isOthers }) => {
        const rounded = percent - (percent % PROGRESS_STEP_PERCENT);
        report(isOthers ? `Waiting for another scan of the node: ${rounded} %` : `Scanning: ${rounded} %`);
      },
    });
  } catch (cause) {
    if (stopping.signal.aborted || !(cause instanceof OperatorError)) throw cause;
    throw new OperatorError(
      `the node cannot tell which addresses of the wallet hold bitcoin: ${cause.message}. No account was created. Start the node and try ` +
        'again, or use --no-scan, and --first-index N if the wallet has been used before',
      { cause },
    );
  }
}

/** Returns notes about a valid wallet that its owner should know. */
function notesOn(wallet: AccountInput, scriptType: ScriptType): string[] {
  const notes: string[] = [];
  if ('xpub' in wallet && /^\s*[xt]pub/.test(wallet.xpub))
    notes.push('Note: a bare xpub or tpub does not say its kind of address; this one is read as native segwit (BIP 84).');
  const refusing = olderClientsThatRefuse(scriptType);
  if (refusing.length > 0)
    notes.push(
      `Note: its addresses (${scriptType}) are refused by the older client ${refusing.length > 1 ? 'libraries' : 'library'} for ${refusing.join(', ')}. A shop that uses one needs an ` +
        `account of ${refusing.length > 1 ? 'wpkh(...), for PHP of ' : ''}sh(wpkh(...)) or pkh(...).`,
    );
  return notes;
}

function readWallet(options: Options<'descriptor' | 'xpub'>): AccountInput {
  const descriptor = options.optional('descriptor');
  const xpub = options.optional('xpub');
  if (descriptor !== undefined && xpub === undefined) return { descriptor };
  if (xpub !== undefined && descriptor === undefined) return { xpub };
  throw new UsageError(`expected one of --descriptor and --xpub, got ${descriptor === undefined ? 'neither' : 'both'}`);
}
