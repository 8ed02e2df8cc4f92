import { createHash } from 'node:crypto';

import { checkoutCss, checkoutJs, framedJs } from '../asset-files.ts';
import { LANGUAGES } from '../i18n/languages.ts';

/** A hash of the styles, scripts and texts of the checkout page. */
export const pageRelease: string = createHash('sha256')
  .update(JSON.stringify([checkoutCss, checkoutJs, framedJs, LANGUAGES.map(({ messages }) => messages)]))
  .digest('base64url')
  .slice(0, 16);
