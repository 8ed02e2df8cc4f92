import type { Network } from '../../../kernel/chain.ts';
import type { NewUuid } from '../../../kernel/ids.ts';
import type { Pos } from '../../../merchants/pos.ts';
import type { RateSource } from '../../../rates/source.ts';
import type { GatewayKeys } from '../../../security/key-file.ts';
import type { AuditContext } from '../../../services/audit/audit-log.ts';
import type { TestCallback } from '../../../services/callbacks/send-test-callback.ts';
import type { StoreContext } from '../../../services/context.ts';
import type { SealingContext } from '../../../services/seals/sealing-context.ts';
import type { TermsLimits } from '../../../services/merchants/parse-terms.ts';

/** What the pages of settings need. */
export interface SettingsOptions {
  readonly context: StoreContext &
    AuditContext &
    SealingContext & {
      readonly newUuid: NewUuid;
      readonly network: Network;
      readonly rates: RateSource;
      readonly keys: Pick<GatewayKeys, 'audit' | 'seal' | 'wallet'>;
    };
  readonly limits: TermsLimits;
  readonly sendTest: (pos: Pos) => Promise<TestCallback>;
}
