/** Creates a POS with a client id and a secret that is shown once. */
import { randomBytes } from 'node:crypto';
import { standardSecret } from '../../callbacks/standard-key.ts';
import { parseId, type AccountId, type MerchantId, type PosId } from '../../kernel/ids.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import {
  DEFAULT_CHECKOUT,
  PLAIN_LOOK,
  type Pos,
  type PosCheckout,
  type PosDefaults,
  type PosRates,
} from '../../merchants/pos.ts';
import { NO_TOLERANCE, type ToleranceSetting } from '../../merchants/tolerance.ts';
import type { CurrencyCode } from '../../orders/currency.ts';
import type { GatewayKeys } from '../../security/key-file.ts';
import { seal } from '../../security/seal.ts';
import { WalletSeals } from '../../security/wallet-seals.ts';
import type { Actor } from '../../people/actor.ts';
import type { StoreTransaction } from '../../store/ports/store.ts';
import { recordAction, type AuditContext } from '../audit/audit-log.ts';
import type { CreationContext } from '../context.ts';
import { auditedTerms } from './audited-terms.ts';
import { changedLook, type LookChange } from './change-look.ts';
import { newSecret } from './pos-secret.ts';

export interface NewPos {
  readonly name: string;
  readonly type: Pos['type'];
  /** Default: null. */
  readonly merchantId?: MerchantId | null;
  readonly accountId: AccountId;
  readonly currency: CurrencyCode;
  readonly defaults: PosDefaults;
  /** Default: the gateway's rate sources, without a spread. */
  readonly rates?: PosRates;
  /** Default: no tolerance. */
  readonly tolerance?: ToleranceSetting;
  /** Default: {@link DEFAULT_CHECKOUT}. */
  readonly checkout?: PosCheckout;
  /** Default: the default look. */
  readonly look?: LookChange;
  readonly transactionChanged?: boolean;
  readonly refundEvents?: boolean;
}

export interface CreatedPos {
  readonly pos: Pos;
  /** 256 random bits in hexadecimal. It is stored encrypted, and is not shown again. */
  readonly secret: string;
  /** The key for Standard Webhooks that is derived from the secret, in the format of their libraries. */
  readonly webhookSecret: string;
}

class AccountMissingError extends OperatorError {
  override readonly name = 'AccountMissingError';
}

class MerchantMissingError extends OperatorError {
  override readonly name = 'MerchantMissingError';
}

type Context = CreationContext & { readonly keys: Pick<GatewayKeys, 'seal' | 'wallet'> };

/** Creates a POS and records it in the audit log. @throws AccountMissingError; MerchantMissingError. */
export async function createPosAs(context: Context & AuditContext, actor: Actor, input: NewPos): Promise<CreatedPos> {
  return createPos(context, input, (tx, pos) =>
    recordAction(context, tx, actor, { action: 'pos.create', subject: { kind: 'pos', id: pos.id }, after: auditedTerms(pos) }),
  );
}

/** @param recorded Is called in the transaction. @throws AccountMissingError; MerchantMissingError. */
export async function createPos(
  { store, clock, newUuid, keys }: Context,
  input: NewPos,
  recorded?: (tx: StoreTransaction, pos: Pos) => Promise<void>,
): Promise<CreatedPos> {
  const id = parseId<PosId>(newUuid());
  const secret = newSecret();
  const plain: Pos = {
    ...input,
    merchantId: input.merchantId ?? null,
    rates: input.rates ?? { provider: null, spreadBps: 0 },
    tolerance: input.tolerance ?? NO_TOLERANCE,
    checkout: input.checkout ?? DEFAULT_CHECKOUT,
    look: PLAIN_LOOK,
    id,
    accountSeal: new WalletSeals(keys.wallet).ofBinding(id, input.accountId),
    clientId: randomBytes(16).toString('hex'),
    sealedSecret: seal(secret, id, keys.seal),
    generation: 1,
    rotation: null,
    active: true,
    createdAt: clock.now(),
  };
  const pos = await store.transaction(async (tx) => {
    if ((await tx.accounts.get(input.accountId)) === undefined)
      throw new AccountMissingError(`no account with id ${input.accountId}`);
    if (plain.merchantId !== null && (await tx.merchants.get(plain.merchantId)) === undefined)
      throw new MerchantMissingError(`no merchant with id ${plain.merchantId}`);
    const complete: Pos = { ...plain, look: await changedLook(tx, PLAIN_LOOK, input.look ?? {}) };
    await tx.pos.insert(complete);
    await recorded?.(tx, complete);
    return complete;
  });
  return { pos, secret, webhookSecret: standardSecret(secret) };
}
