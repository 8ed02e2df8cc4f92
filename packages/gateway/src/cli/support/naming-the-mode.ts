import { describeMode, type ModeAndNetwork } from '../../merchants/describe-mode.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import { WalletError } from '../../wallet/wallet-error.ts';

/**
 * Reads a key, and adds the mode and the setting to change to the message when the key is of another network: nobody has to set the
 * mode, so those who never did do not know it.
 */
export function namingTheMode<T>(running: ModeAndNetwork, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof WalletError && error.code === 'network')) throw error;
    throw new OperatorError(`${error.message}. This is ${describeMode(running)}: ${adviceFor(running)}`, { cause: error });
  }
}

function adviceFor({ mode, network }: ModeAndNetwork): string {
  if (mode === 'sandbox') return 'set WEBPOS_MODE=live to take real payments with this key';
  if (network === 'bitcoin') return 'set WEBPOS_NETWORK to the test network of this key, or unset WEBPOS_MODE for the sandbox';
  return 'unset WEBPOS_NETWORK to take real payments with this key';
}
