import type { Pos } from '../../../merchants/pos.ts';
import { POS_SETTINGS } from './pos-settings.ts';
import { settingsJson } from './setting.ts';

/** Returns the settings of a POS that its merchant can change, with its ids, as commands and the panel's API show them. */
export function posTermsJson(pos: Pos): Readonly<Record<string, unknown>> {
  return {
    uuid: pos.id,
    client_id: pos.clientId,
    active: pos.active,
    ...settingsJson(POS_SETTINGS, pos),
    logo: pos.look.logo,
  };
}
