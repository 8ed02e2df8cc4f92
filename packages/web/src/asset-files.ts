/**
 * The files of `assets/`, read once when the gateway starts. They lie beside this module; the gateway's build, which bundles
 * it, copies them beside the bundle.
 */
import { readFileSync } from 'node:fs';

const folder = new URL('assets/', import.meta.url);

export const checkoutCss: string = read('checkout.css');
export const checkoutJs: string = read('checkout.js');
export const framedJs: string = read('framed.js');
export const iconSvg: string = read('icon.svg');
export const openCheckoutJs: string = read('open-checkout.js');
export const openCheckoutTypes: string = read('open-checkout.d.ts');
export const panelCss: string = read('panel.css');

function read(file: string): string {
  return readFileSync(new URL(file, folder), 'utf8');
}
