/** The options `--role`, `--pos` and `--merchant`: what a person or token may do, and for which POS. */
import type { OptionHelp } from '@webpos/listen/help';
import { isUuidV4, type MerchantId, type PosId } from '../../kernel/ids.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import type { PersonScope } from '../../people/person.ts';
import { ROLES, type Role } from '../../people/role.ts';
import { MAX_SCOPE_IDS, WHOLE_SCOPE } from '../../people/scope.ts';
import { scopeGap } from '../../services/people/scope-gap.ts';
import type { Store } from '../../store/ports/store.ts';
import { shown, type Options } from './options.ts';
import { UsageError } from './usage-error.ts';

type ScopeOption = 'pos' | 'merchant' | 'all-pos';

export const ROLE_OPTION: OptionHelp = {
  value: 'ROLE',
  text: 'what may be done: everything, daily work, reading and exports, or the orders of today',
  allowed: ROLES.join(', '),
};

export const SCOPE_OPTIONS: Readonly<Record<ScopeOption, OptionHelp>> = {
  pos: { value: 'UUID', text: 'only this POS; may be repeated', allowed: 'the UUID that webpos pos list shows', default: 'all' },
  merchant: {
    value: 'UUID',
    text: 'only the POS of this merchant; may be repeated',
    allowed: 'the UUID that webpos merchant list shows',
    default: 'all',
  },
  'all-pos': { text: 'all POS, also those that are created later' },
};

export function readRole(options: Options<'role'>): Role | undefined {
  return options.oneOf('role', ROLES);
}

/** Returns the scope that the options name; undefined without one. @throws UsageError for contradictory or invalid options. */
export function readScope(options: Options<ScopeOption>): PersonScope | undefined {
  const ids = <Id extends string>(name: ScopeOption): Id[] =>
    options.list(name).map((id) => {
      if (!isUuidV4(id)) throw new UsageError(`--${name}: expected a UUID, got ${shown(id)}`);
      return id as Id;
    });
  const [pos, merchants] = [ids<PosId>('pos'), ids<MerchantId>('merchant')];
  const named = pos.length + merchants.length;
  if (options.flag('all-pos') && named > 0) throw new UsageError('expected --all-pos or --pos and --merchant, got both');
  if (named > MAX_SCOPE_IDS) throw new UsageError(`expected at most ${MAX_SCOPE_IDS} --pos and --merchant, got ${named}`);
  if (options.flag('all-pos')) return WHOLE_SCOPE;
  return named === 0 ? undefined : { kind: 'some', merchants, pos };
}

/** @throws OperatorError if a POS or merchant of the scope does not exist. */
export async function requirePos(store: Pick<Store, 'pos' | 'merchants'>, scope: PersonScope | undefined): Promise<void> {
  const gap = scope && (await scopeGap(store, scope));
  if (gap !== undefined)
    throw new OperatorError(`--${gap.kind}: no ${gap.kind === 'pos' ? 'POS' : 'merchant'} with id ${gap.id}`);
}
