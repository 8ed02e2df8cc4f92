/** The form of a POS: its settings as a person sees and sends them. */
import type { Pos } from '../../../merchants/pos.ts';
import { POS_SETTINGS, type PosChange } from '../../../services/merchants/settings/pos-settings.ts';
import { readSettings, settingTexts } from '../../../services/merchants/settings/setting.ts';
import type { TermsLimits } from '../../../services/merchants/parse-terms.ts';
import type { Fields } from '../panel-router.ts';
import { typedText } from './typed-text.ts';

/** Nobody can change the wallet of a POS in the browser. */
const { account: _, ...FORM_SETTINGS } = POS_SETTINGS;

/** Returns the fields of a stored POS. */
export function posFields(pos: Pos): Readonly<Record<string, string>> {
  return settingTexts(FORM_SETTINGS, pos);
}

/**
 * Reads only the fields that the person has changed since `before`, so that a page that was opened before somebody else's change does not
 * take it back.
 */
export function readPosForm(
  fields: Fields,
  before: Fields,
  limits: TermsLimits,
): PosChange & { readonly faults: readonly string[] } {
  const faults: string[] = [];
  const change = readSettings(
    FORM_SETTINGS,
    limits,
    (name, { reset }) => {
      const text = typedText(fields, name);
      if (text === (before[name] ?? '')) return undefined;
      return text === '' && reset !== undefined ? null : text;
    },
    (name) => faults.push(name),
  );
  return { ...change, faults };
}

const NEW_POS = ['name', 'account', 'currency', 'merchant', 'type'];
const NEW_SETTINGS = Object.fromEntries(Object.entries(POS_SETTINGS).filter(([name]) => NEW_POS.includes(name)));

/** Reads the fields of a new POS. Those that are missing are faults, if it cannot be without them. */
export function readNewPosForm(fields: Fields, limits: TermsLimits): PosChange & { readonly faults: readonly string[] } {
  const faults: string[] = [];
  const change = readSettings(
    NEW_SETTINGS,
    limits,
    (field, { reset }) => {
      const text = typedText(fields, field);
      return text === '' && reset !== undefined ? undefined : text;
    },
    (field) => faults.push(field),
  );
  return { ...change, faults };
}
