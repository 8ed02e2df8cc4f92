/**
 * The pages of wallets and secrets. A wallet is added after its addresses were compared; which wallet a POS is paid to cannot be changed
 * here. A new secret is in the answer to its form alone.
 */
import { renderComparePage, renderNewSecretPage, renderSecretsPage, renderWalletsPage, type WalletFault } from '@webpos/web';
import { isoDate } from '../../../kernel/clock.ts';
import { isUuidV4, type PosId } from '../../../kernel/ids.ts';
import type { Network } from '../../../kernel/chain.ts';
import { OperatorError } from '../../../kernel/operator-error.ts';
import { rotationEnd } from '../../../merchants/secret-rotation.ts';
import type { Pos } from '../../../merchants/pos.ts';
import { seesPos } from '../../../people/viewer.ts';
import type { GatewayKeys } from '../../../security/key-file.ts';
import { countUnused } from '../../../services/addresses/count-unused.ts';
import { recordAction } from '../../../services/audit/audit-log.ts';
import type { CreationContext } from '../../../services/context.ts';
import { cancelRotation, completeRotation, startRotation } from '../../../services/merchants/rotate-secret.ts';
import { addPreviewed, previewAccount } from '../../../services/seals/add-account.ts';
import type { SealingContext } from '../../../services/seals/sealing-context.ts';
import type { StoreTransaction } from '../../../store/ports/store.ts';
import { walletFault } from './wallet-fault.ts';
import type { FormRequest, PageRequest, PanelRouter } from '../panel-router.ts';

export interface WalletOptions {
  readonly context: CreationContext & SealingContext & { readonly network: Network; readonly keys: GatewayKeys };
}

const WALLETS = '/panel/settings/wallets';
const SECRETS = '/panel/settings/secrets';

export function walletRoutes(panel: PanelRouter, options: WalletOptions): void {
  const { context } = options;
  panel.page(WALLETS, 'wallets.manage', (page) => walletsPage(options, page, null));
  panel.form(
    `${WALLETS}/check`,
    'wallets.manage',
    async (page) => {
      if (page.viewer.posIds !== undefined) return undefined;
      const { name = '', key = '', first_index: firstIndex = '0' } = page.fields;
      try {
        const { previewed, addresses } = previewAccount(context, page.visit.formKey, { name, key, firstIndex });
        const carried = { ...previewed, firstIndex: String(previewed.firstIndex) };
        return { html: renderComparePage({ ...(await page.frame()), name: previewed.name, addresses, carried }) };
      } catch (error) {
        return refused(options, page, error);
      }
    },
    { staleTo: WALLETS },
  );
  panel.form(
    `${WALLETS}/add`,
    'wallets.manage',
    async (page) => {
      if (page.viewer.posIds !== undefined) return undefined;
      const { name = '', descriptor = '', firstIndex = '', seal = '', matches } = page.fields;
      if (matches !== '1') return WALLETS;
      const previewed = { name, descriptor, firstIndex: Number(firstIndex), seal };
      try {
        const account = await addPreviewed(context, page.viewer.actor, page.visit.formKey, previewed);
        return account === undefined ? WALLETS : `${WALLETS}?note=added`;
      } catch (error) {
        return refused(options, page, error);
      }
    },
    { staleTo: WALLETS, reauthenticate: true },
  );
  panel.api('/accounts', {
    GET: {
      permission: 'wallets.manage',
      schema: async () => (await import('./wallet-schemas.ts')).listAccounts,
      handle: async ({ viewer }) => ({ accounts: viewer.posIds === undefined ? await accountsOf(options) : [] }),
    },
  });
  secretRoutes(panel, options);
}

async function accountsOf({ context }: WalletOptions) {
  const { store, guard } = context;
  const all = await store.accounts.list();
  return Promise.all(
    all.map(async (account) => ({
      uuid: account.id,
      name: account.name,
      network: account.network,
      next_index: account.nextIndex,
      unused_in_a_row: await countUnused(store, account),
      authentic: guard.isSoundAccount(account) && guard.refusal(account.id) === undefined,
      created_at: isoDate(account.createdAt),
    })),
  );
}

async function walletsPage(
  options: WalletOptions,
  page: PageRequest,
  fault: WalletFault | null,
  entered = { name: '', key: '', first_index: '0' },
): Promise<string | undefined> {
  if (page.viewer.posIds !== undefined) return undefined;
  const pos = await options.context.store.pos.list();
  const accounts = (await accountsOf(options)).map(({ uuid, name, next_index, unused_in_a_row, authentic }) => ({
    uuid,
    name,
    nextIndex: next_index,
    unused: unused_in_a_row,
    isSound: authentic,
    pos: pos.filter(({ accountId }) => accountId === uuid).map((each) => each.name),
  }));
  return renderWalletsPage({ ...(await page.frame()), accounts, fault, entered, isAdded: page.query['note'] === 'added' });
}

async function refused(options: WalletOptions, page: FormRequest, error: unknown) {
  const fault = walletFault(error);
  const { name = '', key = page.fields['descriptor'] ?? '', first_index = page.fields['firstIndex'] ?? '0' } = page.fields;
  // A private key goes no further than it has gone.
  const shown = /prv/i.test(key) ? '' : key;
  const html = await walletsPage(options, page, fault, { name, key: shown, first_index });
  return html === undefined ? undefined : { status: 422, html };
}

function secretRoutes(panel: PanelRouter, { context }: WalletOptions): void {
  const { store, clock } = context;
  const secretsPage = async (page: PageRequest, fault: string | null): Promise<string> => {
    const pos = (await store.pos.list()).filter((each) => seesPos(page.viewer, each.id));
    const now = clock.now();
    const rows = pos.map((each) => {
      const endsAt = rotationEnd(each, now);
      return { uuid: each.id, name: each.name, rotationEndsAt: endsAt === undefined ? null : isoDate(endsAt) };
    });
    return renderSecretsPage({ ...(await page.frame()), pos: rows, fault, isDone: page.query['note'] === 'done' });
  };
  const step = (
    name: 'rotate' | 'complete' | 'cancel',
    work: (
      id: PosId,
      page: FormRequest,
      recorded: (tx: StoreTransaction, pos: Pos) => Promise<void>,
    ) => Promise<string | { html: string }>,
  ): void =>
    panel.form(
      `${SECRETS}/:pos/${name}`,
      'secrets.manage',
      async (page) => {
        const id = page.params['pos'] ?? '';
        if (!isUuidV4(id) || !seesPos(page.viewer, id as PosId) || (await store.pos.get(id as PosId)) === undefined)
          return undefined;
        try {
          return await work(id as PosId, page, (tx, pos) =>
            recordAction(context, tx, page.viewer.actor, { action: `secret.${name}`, subject: { kind: 'pos', id: pos.id } }),
          );
        } catch (error) {
          if (!(error instanceof OperatorError)) throw error;
          return { status: 422, html: await secretsPage(page, error.message) };
        }
      },
      { staleTo: SECRETS, reauthenticate: true },
    );
  panel.page(SECRETS, 'secrets.manage', (page) => secretsPage(page, null));
  step('rotate', async (id, page, recorded) => {
    const { pos, secret, webhookSecret, endsAt } = await startRotation(context, id, recorded);
    const frame = await page.frame();
    return { html: renderNewSecretPage({ ...frame, name: pos.name, secret, webhookSecret, endsAt: isoDate(endsAt) }) };
  });
  step('complete', async (id, _page, recorded) => {
    await completeRotation(context, id, recorded);
    return `${SECRETS}?note=done`;
  });
  step('cancel', async (id, _page, recorded) => {
    await cancelRotation(context, id, recorded);
    return `${SECRETS}?note=done`;
  });
}
