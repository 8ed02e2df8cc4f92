/**
 * The files of `assets/`, read once when the gateway starts. They are next to this module; the gateway's build copies them next to
 * its bundle.
 */
import { readFileSync } from 'node:fs';

const folder = new URL('assets/', import.meta.url);

export const checkoutCss: string = read('checkout.css');
export const checkoutJs: string = read('checkout.js');
export const framedJs: string = read('framed.js');
export const iconSvg: string = read('icon.svg');
export const panelLiveJs: string = read('panel-live.js');
export const openCheckoutJs: string = read('open-checkout.js');
export const openCheckoutTypes: string = read('open-checkout.d.ts');
export const panelSettingsJs: string = read('panel-settings.js');
export const panelPasskeysJs: string = read('panel-passkeys.js');
/** The panel's style sheet, in parts: what all its pages have, then one for each subject. */
export const panelCss: readonly string[] = [
  'panel.css',
  'panel-forms.css',
  'panel-orders.css',
  'panel-notifications.css',
  'panel-links.css',
  'panel-people.css',
  'panel-refunds.css',
].map(read);

function read(file: string): string {
  return readFileSync(new URL(file, folder), 'utf8');
}
