import { randomBytes, randomUUID } from 'node:crypto';
import { systemClock } from '../../kernel/clock.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import { describeSkip } from '../../merchants/describe-skip.ts';
import { createAccount } from '../../services/merchants/create-account.ts';
import type { AccountWallet, ScriptType } from '../../wallet/account-wallet.ts';
import { olderClientsThatRefuse } from '../../wallet/older-clients.ts';
import { parseAccount, type AccountInput } from '../../wallet/descriptor/parse-account.ts';
import type { CliBase, CliWorld, Command, WalletScanner } from '../command.ts';
import { readOptions, type Options } from '../support/options.ts';
import { readName } from '../support/read-name.ts';
import { UsageError } from '../support/usage-error.ts';
import { withBase } from '../support/with-base.ts';

/** `webpos account create`: registers a wallet and shows its first addresses, to compare with the merchant's own wallet. */
export const accountCreate: Command = async (world, config, words) => {
  const options = readOptions(words, ['name', 'descriptor', 'xpub', 'first-index'], {
    flags: ['accept-unusual-path', 'no-scan'],
  });
  const name = readName(options);
  const wallet = walletInput(options);
  const firstIndex = options.integer('first-index', 0, { least: 0, most: MAX_FIRST_INDEX });
  const scanner = options.flag('no-scan') ? undefined : world.scanWallet(config);
  // Before a database is made for it.
  parseAccount(wallet, config.network);
  const create = async ({ store, marks }: CliBase): Promise<void> => {
    const { account, scriptType, firstAddresses } = await createAccount(
      { store, clock: systemClock, newUuid: randomUUID, network: config.network },
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
    world.out(`Account ${account.id} (${name}, ${account.network})`);
    world.out(`  ${account.descriptor}`);
    for (const note of notes) world.out(note);
    if (account.nextIndex > 0) world.out(`The first order gets address ${account.nextIndex}.`);
    for (const range of skipped) world.out(`Note: ${describeSkip(range)}.`);
    world.out('Compare its first addresses with those that your wallet shows. If they differ, do not use it:');
    for (const [index, address] of addresses.entries()) world.out(`  ${index}  ${address}`);
  };
  await withBase(world, config, create, { create: true });
};

/** No shop has handed out so many; a slip of the hand beyond could never be taken back, and may leave no address at all. */
const MAX_FIRST_INDEX = 10_000_000;
/** A line for every so many percent. */
const PERCENT_A_LINE = 10;

/** Asks the node, tells on standard error how far it is, and ends its scan when the command is asked to stop. */
async function scanNode(world: CliWorld, scan: WalletScanner, wallet: AccountWallet, from: number): Promise<number | undefined> {
  const stopping = new AbortController();
  world.onInterrupt?.(() => stopping.abort(new OperatorError('asked to stop; no account was created')));
  let reported = '';
  const report = (line: string): void => {
    if (line !== reported) world.err(line);
    reported = line;
  };
  report('Asking the node which addresses of the wallet hold bitcoin; --no-scan leaves that out.');
  try {
    return await scan(wallet, from, {
      signal: stopping.signal,
      progress: ({ percent, isOthers }) => {
        const rounded = percent - (percent % PERCENT_A_LINE);
        report(isOthers ? `Waiting for another scan of the node: ${rounded} %` : `Scanning: ${rounded} %`);
      },
    });
  } catch (cause) {
    if (stopping.signal.aborted || !(cause instanceof OperatorError)) throw cause;
    throw new OperatorError(
      `the node cannot say which addresses of the wallet have been paid: ${cause.message}. No account was created. Start the node and try ` +
        'again, or give --no-scan, with --first-index N where the wallet has been used before',
      { cause },
    );
  }
}

/** What is worth knowing of a wallet that is good. */
function notesOn(wallet: AccountInput, scriptType: ScriptType): string[] {
  const notes: string[] = [];
  if ('xpub' in wallet && /^\s*[xt]pub/.test(wallet.xpub))
    notes.push('Note: a bare xpub or tpub does not say its kind of address; this one was taken as native segwit (BIP 84).');
  const refusing = olderClientsThatRefuse(scriptType);
  if (refusing.length > 0)
    notes.push(
      `Note: its addresses (${scriptType}) are refused by the older client ${refusing.length > 1 ? 'libraries' : 'library'} for ${refusing.join(', ')}. A shop that uses one needs an ` +
        `account of ${refusing.length > 1 ? 'wpkh(...), for PHP of ' : ''}sh(wpkh(...)) or pkh(...).`,
    );
  return notes;
}

function walletInput(options: Options): AccountInput {
  const descriptor = options.optional('descriptor');
  const xpub = options.optional('xpub');
  if (descriptor !== undefined && xpub === undefined) return { descriptor };
  if (xpub !== undefined && descriptor === undefined) return { xpub };
  throw new UsageError(`expected one of --descriptor and --xpub, got ${descriptor === undefined ? 'neither' : 'both'}`);
}
