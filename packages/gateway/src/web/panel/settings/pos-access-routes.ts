/**
 * The pages that create a POS, and say whether it may log in, for owners. The wallet of a new POS is chosen among those that exist and are
 * authentic. Its secrets are in the answer to the form alone.
 */
import { renderCreatedPosPage, renderNewPosPage } from '@webpos/web';
import { isUuidV4, type PosId } from '../../../kernel/ids.ts';
import type { Account } from '../../../merchants/account.ts';
import { seesPos } from '../../../people/viewer.ts';
import { switchPosAs } from '../../../services/merchants/change-pos.ts';
import { createPosAs } from '../../../services/merchants/create-pos.ts';
import { newPosOf } from '../../../services/merchants/settings/new-pos.ts';
import type { FormRequest, FormResult, PageRequest, PanelRouter } from '../panel-router.ts';
import { readNewPosForm } from './pos-form.ts';
import type { SettingsOptions } from './settings-options.ts';
import { visibleMerchants } from './settings-view.ts';
import { plain } from './typed-text.ts';

const SETTINGS = '/panel/settings';
const CONFIRMED = { staleTo: SETTINGS, reauthenticate: true } as const;

export function posAccessRoutes(panel: PanelRouter, options: SettingsOptions): void {
  panel.page(`${SETTINGS}/pos/new`, 'secrets.manage', (page) => formPage(options, page, { type: 'web' }, []));
  panel.form(`${SETTINGS}/pos/new`, 'secrets.manage', (page) => create(options, page), CONFIRMED);
  for (const [path, active] of [
    ['disable', false],
    ['enable', true],
  ] as const)
    panel.form(
      `${SETTINGS}/pos/:pos/${path}`,
      'secrets.manage',
      async ({ viewer, params }) => {
        const { pos: id = '' } = params;
        const { context } = options;
        if (!isUuidV4(id) || !seesPos(viewer, id as PosId) || (await context.store.pos.get(id as PosId)) === undefined)
          return undefined;
        await switchPosAs(context, viewer.actor, id as PosId, active);
        return `${SETTINGS}/pos/${id}?note=saved`;
      },
      CONFIRMED,
    );
}

/** @returns Undefined for somebody who sees some POS only, and would not see the new one. */
async function formPage(
  options: SettingsOptions,
  page: PageRequest,
  fields: Readonly<Record<string, string>>,
  faults: readonly string[],
): Promise<string | undefined> {
  if (page.viewer.posIds !== undefined) return undefined;
  const named = (all: readonly { readonly id: string; readonly name: string }[]) =>
    all.map(({ id, name }) => ({ uuid: id, name }));
  return renderNewPosPage({
    ...(await page.frame()),
    fields,
    faults,
    accounts: named(await soundAccounts(options)),
    merchants: named(await visibleMerchants(options.context.store, page.viewer)),
  });
}

async function create(options: SettingsOptions, page: FormRequest): Promise<FormResult | undefined> {
  const { context, limits } = options;
  const { viewer } = page;
  if (viewer.posIds !== undefined) return undefined;
  const { faults, ...given } = readNewPosForm(page.fields, limits);
  const wrong = new Set(faults);
  const { accountId, merchantId = null } = given.terms ?? {};
  if (!(await soundAccounts(options)).some(({ id }) => id === accountId)) wrong.add('account');
  if (merchantId !== null && !(await visibleMerchants(context.store, viewer)).some(({ id }) => id === merchantId))
    wrong.add('merchant');
  if (wrong.size > 0) {
    const html = await formPage(options, page, plain(page.fields), [...wrong]);
    return html === undefined ? undefined : { status: 422, html };
  }
  const input = newPosOf(given, (name, value) => {
    if (value === undefined) throw new Error(`the field ${name} of a new POS is missing, and was not refused`);
    return value;
  });
  const { pos, secret, webhookSecret } = await createPosAs(context, viewer.actor, input);
  const { id: uuid, name, clientId } = pos;
  return { html: renderCreatedPosPage({ ...(await page.frame()), uuid, name, clientId, secret, webhookSecret }) };
}

async function soundAccounts({ context }: SettingsOptions): Promise<readonly Account[]> {
  const { store, guard, network } = context;
  const accounts = await store.accounts.list();
  return accounts.filter((account) => account.network === network && guard.isSoundAccount(account));
}
