/** Every page and e-mail of the panel in all its states, and the pages of payment links: for tests. */
import type { Reader } from '../../../src/i18n/languages.ts';
import { accessSamples } from './access.ts';
import { callbackSamples } from './callbacks.ts';
import { linkSamples } from './links.ts';
import { mailSamples } from './mails.ts';
import { orderSamples } from './orders.ts';
import { peopleSamples } from './people.ts';
import { refundSamples } from './refunds.ts';
import { settingsSamples } from './settings.ts';

/** @returns HTML documents by the function that renders them. */
export function panelSamples(reader: Reader): Readonly<Record<string, readonly string[]>> {
  return {
    ...accessSamples(reader),
    ...callbackSamples(reader),
    ...linkSamples(reader),
    ...mailSamples(reader),
    ...orderSamples(reader),
    ...peopleSamples(reader),
    ...refundSamples(reader),
    ...settingsSamples(reader),
  };
}
