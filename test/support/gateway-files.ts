import { join } from 'node:path';

/** Returns the settings that put a gateway's database and key file into a folder. */
export function gatewayFiles(folder: string): { readonly WEBPOS_DATABASE_URL: string; readonly WEBPOS_KEY_FILE: string } {
  return { WEBPOS_DATABASE_URL: `sqlite:${join(folder, 'webpos.db')}`, WEBPOS_KEY_FILE: join(folder, 'webpos.key') };
}
