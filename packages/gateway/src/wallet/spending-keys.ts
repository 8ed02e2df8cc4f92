/**
 * What a signing wallet needs to know about the outputs of an account: scripts, public keys, and the origins of the keys (BIP 32, BIP 174,
 * BIP 371). Public keys only.
 */
import { p2sh, p2tr, p2wpkh, p2wsh, p2pkh } from '@scure/btc-signer';
import type { ScriptType } from './account-wallet.ts';
import { checkIndex } from './check-index.ts';
import { withoutChecksum } from './descriptor/checksum.ts';
import { branchKey, parseKeyExpression, type RangedKey } from './descriptor/key-expression.ts';
import { matchScript } from './descriptor/match-script.ts';
import { parseMultisig } from './descriptor/parse-multisig.ts';
import { multisigScript } from './script/multisig-script.ts';

/** Receiving addresses, or change. */
export type Chain = 'receive' | 'change';

type Origin = { readonly fingerprint: number; readonly path: number[] };

/** The fields of an output that a PSBT has for its signers, under the names of @scure/btc-signer. */
export interface SpendingFields {
  readonly script: Uint8Array;
  readonly redeemScript?: Uint8Array;
  readonly witnessScript?: Uint8Array;
  readonly bip32Derivation?: [Uint8Array, Origin][];
  readonly tapInternalKey?: Uint8Array;
  readonly tapBip32Derivation?: [Uint8Array, { hashes: Uint8Array[]; der: Origin }][];
}

export class SpendingKeys {
  readonly type: ScriptType;
  /** How many keys must sign, and how many there are. */
  readonly signers: { readonly threshold: number; readonly keys: number };
  readonly #keys: readonly RangedKey[];

  /** @param descriptor The descriptor of an account, as it is stored. */
  constructor(descriptor: string) {
    const script = matchScript(withoutChecksum(descriptor));
    if (script.kind === 'single') {
      this.type = script.template.type;
      this.#keys = [parseKeyExpression(script.key)];
      this.signers = { threshold: 1, keys: 1 };
    } else {
      const { threshold, keys } = parseMultisig(script.threshold, script.keys);
      this.type = 'p2wsh';
      this.#keys = keys;
      this.signers = { threshold, keys: keys.length };
    }
  }

  /** Whether change has a branch of its own: by BIP 44, it is 1 where receiving addresses are in 0. */
  get hasChange(): boolean {
    return this.#keys.every(({ branch }) => branch.length === 1 && branch[0] === 0);
  }

  fieldsAt(chain: Chain, index: number): SpendingFields {
    checkIndex(index);
    const derived = this.#keys.map((key) => derive(chain === 'change' ? { ...key, branch: [1] } : key, index));
    return fieldsOf(this.type, derived, this.signers.threshold);
  }
}

interface DerivedKey {
  readonly publicKey: Uint8Array;
  readonly origin: Origin;
}

function derive(key: RangedKey, index: number): DerivedKey {
  const { publicKey } = branchKey(key).deriveChild(index);
  if (publicKey === null) throw new TypeError('a derived key has no public key');
  const { fingerprint, path } = originOf(key);
  return { publicKey, origin: { fingerprint, path: [...path, ...key.branch, index] } };
}

/** Children from this index on are hardened (BIP 32). */
const HARDENED = 0x80000000;

/** A key without an origin is its own (BIP 380). */
function originOf({ origin, key }: RangedKey): Origin {
  if (origin === undefined) return { fingerprint: key.node.fingerprint, path: [] };
  const [fingerprint = '', ...steps] = origin.split('/');
  return {
    fingerprint: Number.parseInt(fingerprint, 16),
    path: steps.map((step) => Number.parseInt(step, 10) + (step.endsWith('h') ? HARDENED : 0)),
  };
}

function fieldsOf(type: ScriptType, keys: readonly DerivedKey[], threshold: number): SpendingFields {
  const [{ publicKey, origin }] = keys as readonly [DerivedKey];
  const bip32Derivation = keys.map((key): [Uint8Array, Origin] => [key.publicKey, key.origin]);
  switch (type) {
    case 'p2pkh':
      return { script: p2pkh(publicKey).script, bip32Derivation };
    case 'p2wpkh':
      return { script: p2wpkh(publicKey).script, bip32Derivation };
    case 'p2sh-p2wpkh': {
      const redeemScript = p2wpkh(publicKey).script;
      return { script: p2sh(p2wpkh(publicKey)).script, redeemScript, bip32Derivation };
    }
    case 'p2tr': {
      const tapInternalKey = publicKey.slice(1);
      const tapBip32Derivation: SpendingFields['tapBip32Derivation'] = [[tapInternalKey, { hashes: [], der: origin }]];
      return { script: p2tr(tapInternalKey).script, tapInternalKey, tapBip32Derivation };
    }
    case 'p2wsh': {
      const publicKeys = keys.map((key) => key.publicKey);
      const witnessScript = multisigScript(threshold, publicKeys);
      return { script: p2wsh({ type: 'ms', script: witnessScript }).script, witnessScript, bip32Derivation };
    }
  }
}
