import type { RefundId } from '../../kernel/ids.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import { OPERATOR } from '../../people/viewer.ts';
import { makePsbt, type NoPsbt } from '../../services/refunds/make-psbt.ts';
import { readRefund } from '../../services/refunds/read-refund.ts';
import { refundVerifier } from '../../services/seals/refund-verifier.ts';
import type { Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';

const DEADLINE_MS = 120_000;

const REFUSALS: Readonly<Record<NoPsbt, string>> = {
  not_payable: 'expected a refund that is approved and not paid, and whose order still has what it received',
  account: 'the account was changed outside WebPOS: see docs/security.md',
  no_source: 'the sandbox has no wallet that could sign: pay the URI that webpos refund show prints',
  no_change: "the account's descriptor has no change branch (/0/* for receiving): pay the URI that webpos refund show prints",
  fee_rate: '--fee-rate: expected 1 to 1000 satoshi per virtual byte',
  too_few_coins: 'the unspent payments that the gateway knows do not suffice: pay the URI that webpos refund show prints',
};

/** `webpos refund psbt`: prints the unsigned transaction that pays a refund. */
export const refundPsbt: Command = defineCommand({
  name: 'refund psbt',
  summary: 'Print the unsigned transaction that pays a refund, for your wallet to sign',
  usage: 'UUID',
  argument: { name: 'UUID', text: 'refund to pay' },
  options: {
    'fee-rate': {
      value: 'N',
      text: 'fee rate in satoshi per virtual byte',
      allowed: '1 to 1000',
      default: "the node's estimate for six blocks",
    },
  },
  notes: [
    'It is a PSBT (BIP 174, version 0) in base64. It spends payments of the same account, and returns the change to its change branch. ' +
      'Sign it with the wallet that has the keys, and compare destination, amount and fee on the signing device.',
  ],
  example: '3f8b2c1e-5a4d-4c3b-9e2f-1a0b9c8d7e6f --fee-rate 5',
  run: async (world, config, options) => {
    const id = options.argument<RefundId>('a refund');
    const rate = options.integer('fee-rate', 0, { min: 1, max: 1000 });
    const examined = await world.openExamined(config);
    try {
      const { store, source, installation } = examined;
      const keys = await installation.keys();
      if (keys === undefined) throw new OperatorError('no key file: see WEBPOS_KEY_FILE');
      const guard = refundVerifier(keys);
      const found = await readRefund({ store, guard }, OPERATOR, id);
      if (found === undefined) throw new OperatorError(`no refund with id ${id}`);
      if (found.refund.destination.kind === 'unverified')
        throw new OperatorError(`refund ${id} was changed outside WebPOS: see docs/security.md`);
      const made = await makePsbt(
        { store, source, guard },
        found,
        rate === 0 ? undefined : rate,
        AbortSignal.timeout(DEADLINE_MS),
      );
      if (made.kind === 'none') throw new OperatorError(REFUSALS[made.why]);
      const { psbt, fee, change, inputs } = made;
      if (options.json)
        return world.out(JSON.stringify({ uuid: id, psbt, fee: Number(fee), change: Number(change), inputs: inputs.length }));
      world.out(psbt);
      world.err(`Fee: ${fee} satoshi. Change: ${change} satoshi. Inputs: ${inputs.length}.`);
    } finally {
      await examined.close();
    }
  },
});
