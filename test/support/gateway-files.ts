import { join } from 'node:path';

/** The settings by which a gateway has its database and its key file in a folder. */
export function gatewayFiles(folder: string): { readonly WEBPOS_DATABASE_URL: string; readonly WEBPOS_KEY_FILE: string } {
  return { WEBPOS_DATABASE_URL: `sqlite:${join(folder, 'webpos.db')}`, WEBPOS_KEY_FILE: join(folder, 'webpos.key') };
}
