import type { GatewayKeys } from '../../security/key-file.ts';
import type { StoreReads } from '../../store/ports/store.ts';
import type { CreationContext } from '../context.ts';

/** Recognises people, and changes what they may do. */
export interface PeopleContext extends CreationContext {
  readonly keys: Pick<GatewayKeys, 'people' | 'audit' | 'seal'>;
}

/** What changes people in a transaction. */
export type PeopleTransaction = StoreReads;
