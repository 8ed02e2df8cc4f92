/** Makes a point of sale (POS) with a client id and a secret that is shown once. */
import { randomBytes } from 'node:crypto';
import { standardSecret } from '../../callbacks/standard-key.ts';
import { parseId, type AccountId, type PosId } from '../../kernel/ids.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import { PLAIN_LOOK, type Pos, type PosDefaults, type PosRates } from '../../merchants/pos.ts';
import { NO_TOLERANCE, type ToleranceSetting } from '../../merchants/tolerance.ts';
import type { CurrencyCode } from '../../orders/currency.ts';
import { seal } from '../../security/seal.ts';
import type { CreationContext } from '../context.ts';
import { changedLook, type LookChange } from './change-look.ts';
import { newSecret } from './pos-secret.ts';

export interface NewPos {
  readonly name: string;
  readonly type: Pos['type'];
  readonly accountId: AccountId;
  readonly currency: CurrencyCode;
  readonly defaults: PosDefaults;
  /** Unless given: the gateway's default, without a spread. */
  readonly rates?: PosRates;
  /** Unless given: nothing may be missing. */
  readonly tolerance?: ToleranceSetting;
  /** What is not given is plain. */
  readonly look?: LookChange;
  readonly transactionChanged?: boolean;
}

export interface CreatedPos {
  readonly pos: Pos;
  /** 256 random bits; it is stored sealed, and cannot be shown again. */
  readonly secret: string;
  /** The key drawn from it that verifies callbacks by Standard Webhooks, as libraries of these take it. */
  readonly webhookSecret: string;
}

/** There is no such account. */
class AccountMissingError extends OperatorError {
  override readonly name = 'AccountMissingError';
}

type Context = CreationContext;

/** @throws AccountMissingError */
export async function createPos({ store, clock, newUuid }: Context, input: NewPos, sealKey: Uint8Array): Promise<CreatedPos> {
  const id = parseId<PosId>(newUuid());
  const secret = newSecret();
  const plain: Pos = {
    ...input,
    rates: input.rates ?? { provider: null, spreadBps: 0 },
    tolerance: input.tolerance ?? NO_TOLERANCE,
    look: PLAIN_LOOK,
    id,
    clientId: randomBytes(16).toString('hex'),
    sealedSecret: seal(secret, id, sealKey),
    generation: 1,
    rotation: null,
    active: true,
    createdAt: clock.now(),
  };
  const pos = await store.transaction(async (tx) => {
    if ((await tx.accounts.get(input.accountId)) === undefined)
      throw new AccountMissingError(`no account with id ${input.accountId}`);
    const made: Pos = { ...plain, look: await changedLook(tx, PLAIN_LOOK, input.look ?? {}) };
    await tx.pos.insert(made);
    return made;
  });
  return { pos, secret, webhookSecret: standardSecret(secret) };
}
