import type { PosPageView } from '@webpos/web';
import { PROVIDER_NAMES } from '../../../rates/provider-names.ts';
import type { Pos } from '../../../merchants/pos.ts';
import type { PageRequest } from '../panel-router.ts';
import { posFields } from './pos-form.ts';
import type { SettingsOptions } from './settings-options.ts';
import { visibleMerchants } from './settings-view.ts';

export interface PosPageState {
  /** What a person has sent, to show it again; undefined: as stored. */
  readonly fields: Readonly<Record<string, string>> | undefined;
  readonly faults: readonly string[];
  readonly note: PosPageView['note'];
}

export async function posPageView(
  { context }: SettingsOptions,
  { viewer, frame }: PageRequest,
  pos: Pos,
  { fields, faults, note }: PosPageState,
): Promise<PosPageView> {
  const stored = posFields(pos);
  const rate = context.rates.rate(pos.currency, pos.rates);
  return {
    ...(await frame()),
    uuid: pos.id,
    name: pos.name,
    isActive: pos.active,
    mayManage: viewer.permissions.has('settings.manage'),
    fields: fields ?? stored,
    before: fields?.['before'] ?? JSON.stringify(stored),
    faults,
    note,
    merchants: (await visibleMerchants(context.store, viewer)).map(({ id, name }) => ({ uuid: id, name })),
    providers: PROVIDER_NAMES,
    rate: rate === undefined ? null : { value: rate.value, currency: pos.currency, source: rate.source },
    logo: pos.look.logo === null ? null : `/logos/${pos.look.logo}`,
  };
}
