/** The accounts of BIP 44, 49, 84 and 86 with their published addresses, from the key and from the descriptor. */
import { HARDENED_OFFSET } from '@scure/bip32';
import { describe, expect, it } from 'vitest';
import { loadVectors } from '../../../test/vectors/load.ts';
import type { Network } from '../../kernel/chain.ts';
import { withChecksum } from './checksum.ts';
import { parseExtendedKey } from './extended-key.ts';
import { parseAccount } from './parse-account.ts';

interface AccountVector {
  readonly type: string;
  readonly network: string;
  readonly path: string;
  readonly root_pub?: string;
  readonly account_pub: string;
  readonly derivation: string;
  readonly address?: string;
  readonly script_pub_key?: string;
  readonly private_account_key?: string;
  readonly private_root_key?: string;
}

const vectors = ['slip132', 'bip49', 'bip84', 'bip86'].flatMap((file) =>
  loadVectors<AccountVector>(file)
    .filter(({ type }) => type !== 'version') // those of SLIP 132 are in extended-key.test.ts
    .map((vector) => ({ file, ...vector })),
);

/** The script of each purpose (BIP 43), and whether a bare key is accepted for it. */
const KINDS: Readonly<Record<string, { script: string; open: string; close: string; bare: boolean }>> = {
  "44'": { script: 'p2pkh', open: 'pkh(', close: ')', bare: false },
  "49'": { script: 'p2sh-p2wpkh', open: 'sh(wpkh(', close: '))', bare: true },
  "84'": { script: 'p2wpkh', open: 'wpkh(', close: ')', bare: true },
  "86'": { script: 'p2tr', open: 'tr(', close: ')', bare: false },
};

function kindOf({ path }: AccountVector): (typeof KINDS)[string] {
  return KINDS[path.split('/')[1]!]!;
}

function networkOf({ network }: AccountVector): Network {
  return network === 'testnet' ? 'signet' : (network as Network);
}

const withAddress = vectors.filter(({ address }) => address !== undefined);
const keysOnly = vectors.filter(({ address }) => address === undefined);

describe('the published accounts', () => {
  it('are used completely', () => {
    expect([withAddress.length, keysOnly.length]).toEqual([3 + 1 + 3 + 3, 1 + 2 + 2]);
    expect(vectors.filter(({ path }) => path.split('/').length > 1).map(kindOf)).not.toContain(undefined);
  });

  it.each(withAddress)('give the address at $path ($file)', (vector) => {
    const { open, close, script } = kindOf(vector);
    const { plain } = parseExtendedKey(vector.account_pub, 'xpub');
    const [branch, index] = vector.derivation.split('/').map(Number) as [number, number];
    const wallet = parseAccount({ descriptor: `${open}${plain}/${branch}/*${close}` }, networkOf(vector));
    expect(wallet.scriptType).toBe(script);
    const { address, script: made } = wallet.receive(index);
    expect(address).toBe(vector.address);
    if (vector.script_pub_key !== undefined) expect(made).toBe(vector.script_pub_key);
    expect(wallet.receiveMany(index, 1)).toEqual([wallet.receive(index)]);
  });

  it.each(withAddress.filter((vector) => kindOf(vector).bare && vector.derivation.startsWith('0/')))(
    'give the same address from the bare key: $path ($file)',
    (vector) => {
      const wallet = parseAccount({ xpub: vector.account_pub }, networkOf(vector));
      expect(wallet.receive(Number(vector.derivation.slice(2))).address).toBe(vector.address);
      const { open, close } = kindOf(vector);
      expect(wallet.descriptor).toBe(withChecksum(`${open}${parseExtendedKey(vector.account_pub, 'xpub').plain}/0/*${close}`));
    },
  );

  it.each(vectors)('have the depth of their path: $path ($file)', ({ path, derivation, root_pub, account_pub }) => {
    const steps = path.split('/').slice(1, derivation === undefined ? undefined : 4);
    const key = parseExtendedKey(root_pub ?? account_pub, 'xpub');
    expect(key.depth).toBe(steps.length);
    if (steps.length > 0) expect(key.childNumber).toBe(HARDENED_OFFSET + Number.parseInt(steps.at(-1)!, 10));
  });

  const secrets = vectors.flatMap(({ private_account_key, private_root_key }) => private_account_key ?? private_root_key ?? []);

  it.each(secrets.map((text, position) => ({ position, text })))('are refused as private keys: %$', ({ text }) => {
    expect(() => parseAccount({ xpub: text }, 'bitcoin')).toThrow(expect.objectContaining({ code: 'private_key' }));
  });

  it('include private keys', () => expect(secrets).toHaveLength(3 + 1 + 2 + 2));
});
