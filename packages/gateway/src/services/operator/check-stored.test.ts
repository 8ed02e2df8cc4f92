import { expect, it } from 'vitest';
import { openTestGateway } from '../../../test/support/test-gateway.ts';
import { deriveKeys } from '../../security/key-file.ts';
import { checkStored } from './check-stored.ts';

it('a gateway accepts its own database, and refuses one of another network or key file with the name of the setting', async () => {
  await using test = await openTestGateway();
  const { context } = test.gateway;
  await expect(checkStored(context)).resolves.toBeUndefined();
  const { account } = await test.newPos();
  await expect(checkStored(context)).resolves.toBeUndefined();
  await expect(checkStored({ ...context, network: 'bitcoin' })).rejects.toThrow(
    `WEBPOS_MODE, WEBPOS_NETWORK: expected regtest, the network of account ${account.id} (Wallet) in this database, got bitcoin. ` +
      'Set WEBPOS_DATABASE_URL and WEBPOS_KEY_FILE to files for bitcoin alone, or go back to the previous mode and network',
  );
  await expect(checkStored({ ...context, keys: deriveKeys(new Uint8Array(32)) })).rejects.toThrow(
    'WEBPOS_KEY_FILE: expected the key file of this database, got another',
  );
});
