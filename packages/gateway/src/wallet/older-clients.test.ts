import { HDKey } from '@scure/bip32';
import { describe, expect, it } from 'vitest';
import { NETWORKS } from '../kernel/chain.ts';
import { olderClientsThatRefuse } from './older-clients.ts';
import { parseAccount } from './descriptor/parse-account.ts';

/** What the published libraries accept, by the wire contract: a pattern for Python and Java, base58 for PHP. */
const PATTERN = /^(bc1|[13]|tb1|[2nm]|bcrt)[a-zA-HJ-NP-Z0-9]{25,40}$/;
const BASE58_ALONE = /^[123mn][1-9A-HJ-NP-Za-km-z]{25,34}$/;

describe.each(NETWORKS)('on %s', (network) => {
  const version = network === 'bitcoin' ? 0x0488b21e : 0x043587cf;
  const key = HDKey.fromMasterSeed(new Uint8Array(32).fill(3), { public: version, private: 0 }).publicExtendedKey;

  it.each(['pkh(KEY)', 'sh(wpkh(KEY))', 'wpkh(KEY)', 'tr(KEY)', 'wsh(sortedmulti(1,KEY))'])(
    'the older libraries refuse the addresses of %s as documented',
    (shape) => {
      const wallet = parseAccount({ descriptor: shape.replace('KEY', `${key}/0/*`) }, network);
      const { address } = wallet.receive(0);
      const refused = [
        ...(PATTERN.test(address) ? [] : ['Java']),
        ...(BASE58_ALONE.test(address) ? [] : ['PHP']),
        ...(PATTERN.test(address) ? [] : ['Python']),
      ];
      expect(olderClientsThatRefuse(wallet.scriptType)).toEqual(refused);
    },
  );
});
