/**
 * Adds an account in the browser, in two steps. The first shows the addresses of the wallet, to compare with the merchant's own wallet,
 * and stores nothing. What it showed is sealed for this session, so that the second step adds exactly that.
 */
import type { Network } from '../../kernel/chain.ts';
import { errorMessage } from '../../kernel/error-message.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import { parseName } from '../../merchants/name.ts';
import type { Actor } from '../../people/actor.ts';
import type { GatewayKeys } from '../../security/key-file.ts';
import { isSeal, WalletSeals } from '../../security/wallet-seals.ts';
import type { Account } from '../../merchants/account.ts';
import { parseAccount } from '../../wallet/descriptor/parse-account.ts';
import { unusualPaths } from '../../wallet/unusual-paths.ts';
import { recordAction } from '../audit/audit-log.ts';
import type { CreationContext } from '../context.ts';
import { createAccount } from '../merchants/create-account.ts';

type Context = CreationContext & { readonly network: Network; readonly keys: Pick<GatewayKeys, 'wallet' | 'audit'> };

/** What a person enters. */
export interface EnteredAccount {
  readonly name: string;
  /** An extended public key, or a descriptor. */
  readonly key: string;
  readonly firstIndex: string;
}

export interface PreviewedAccount {
  readonly name: string;
  readonly descriptor: string;
  readonly firstIndex: number;
  /** Authenticates the above for one session. */
  readonly seal: string;
}

/** What was entered cannot be used, for a reason that no wallet is read for. */
export class EnteredAccountError extends OperatorError {
  override readonly name = 'EnteredAccountError';
  readonly why: 'name' | 'first_index' | 'unusual_path';

  constructor(why: EnteredAccountError['why'], message: string) {
    super(message);
    this.why = why;
  }
}

const SHOWN = [0, 1, 2, 3, 4] as const;
export const MAX_FIRST_INDEX = 10_000_000;

/** @param session What only this session has. @throws WalletError or EnteredAccountError if what was entered cannot be used. */
export function previewAccount(
  { keys, network }: Pick<Context, 'keys' | 'network'>,
  session: string,
  { name: given, key, firstIndex: index }: EnteredAccount,
): { readonly previewed: PreviewedAccount; readonly addresses: readonly string[] } {
  const name = readName(given);
  const firstIndex = Number(index);
  if (!/^\d{1,8}$/.test(index) || firstIndex > MAX_FIRST_INDEX)
    throw new EnteredAccountError(
      'first_index',
      `first index: expected a whole number from 0 to ${MAX_FIRST_INDEX}, got ${JSON.stringify(index.slice(0, 20))}`,
    );
  const wallet = key.trim();
  const parsed = parseAccount(/^[a-z]pub\w+$/i.test(wallet) ? { xpub: wallet } : { descriptor: wallet }, network);
  const [oddity] = unusualPaths(parsed.descriptor, parsed.scriptType, network);
  if (oddity !== undefined)
    throw new EnteredAccountError(
      'unusual_path',
      `${oddity}: webpos account create --accept-unusual-path on the gateway's machine accepts it`,
    );
  const { descriptor } = parsed;
  const seal = new WalletSeals(keys.wallet).ofForm(session, name, descriptor, firstIndex);
  return { previewed: { name, descriptor, firstIndex, seal }, addresses: SHOWN.map((each) => parsed.receive(each).address) };
}

function readName(given: string): string {
  try {
    return parseName(given);
  } catch (error) {
    throw new EnteredAccountError('name', errorMessage(error));
  }
}

/** Returns undefined if the addresses of this account were not shown to this session. @throws what `createAccount` throws. */
export async function addPreviewed(
  context: Context,
  actor: Actor,
  session: string,
  { name, descriptor, firstIndex, seal }: PreviewedAccount,
): Promise<Account | undefined> {
  if (!isSeal(seal, new WalletSeals(context.keys.wallet).ofForm(session, name, descriptor, firstIndex))) return undefined;
  const { account } = await createAccount(
    context,
    {
      name,
      wallet: { descriptor },
      stored: (tx, created) =>
        recordAction(context, tx, actor, {
          action: 'account.create',
          subject: { kind: 'account', id: created.id },
          after: { name, descriptor, firstIndex },
        }),
    },
    { firstIndex },
  );
  return account;
}
