/** The data of the settings' pages. */
import type { SettingsView } from '@webpos/web';
import type { Merchant, MerchantDetails } from '../../../merchants/merchant.ts';
import { seesPos, type Viewer } from '../../../people/viewer.ts';
import { MERCHANT_SETTINGS } from '../../../services/merchants/settings/merchant-settings.ts';
import { settingTexts } from '../../../services/merchants/settings/setting.ts';
import type { StoreContext } from '../../../services/context.ts';
import type { PageRequest } from '../panel-router.ts';
import type { SettingsOptions } from './settings-options.ts';

/** Those of the POS that a viewer sees; somebody who sees all POS sees all businesses. */
export async function visibleMerchants(store: StoreContext['store'], viewer: Viewer): Promise<readonly Merchant[]> {
  const merchants = await store.merchants.list();
  if (viewer.posIds === undefined) return merchants;
  const of = new Set((await store.pos.list()).filter(({ id }) => seesPos(viewer, id)).map(({ merchantId }) => merchantId));
  return merchants.filter(({ id }) => of.has(id));
}

export async function settingsView({ context }: SettingsOptions, { viewer, frame }: PageRequest): Promise<SettingsView> {
  const { store, rates } = context;
  const pos = (await store.pos.list()).filter(({ id }) => seesPos(viewer, id));
  const merchants = await visibleMerchants(store, viewer);
  return {
    ...(await frame()),
    mayCreatePos: viewer.posIds === undefined && viewer.permissions.has('secrets.manage'),
    mayCreate: viewer.posIds === undefined && viewer.permissions.has('settings.manage'),
    merchants: merchants.map(({ id, name, timeZone }) => ({ uuid: id, name, timeZone })),
    pos: pos.map(({ id, name, currency, active, merchantId, rates: choice }) => ({
      uuid: id,
      name,
      currency,
      active,
      merchant: merchants.find((merchant) => merchant.id === merchantId)?.name ?? null,
      rate: rates.rate(currency, choice)?.value ?? null,
    })),
  };
}

export function merchantFields(details: MerchantDetails): Readonly<Record<string, string>> {
  return settingTexts(MERCHANT_SETTINGS, details);
}
