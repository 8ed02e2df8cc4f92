/** The typeface of the pictures: Inter, which stands in for a phone's or a desktop's own. */
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Makes browsers that this process launches later show Inter where a page asks for the system's typeface. */
export async function usePictureFonts(): Promise<AsyncDisposable> {
  const file = join(tmpdir(), `webpos-fonts-${process.pid}.conf`);
  await writeFile(file, fontConfig());
  process.env['FONTCONFIG_FILE'] = file;
  return { [Symbol.asyncDispose]: () => rm(file) };
}

function fontConfig(): string {
  const prefer = (family: string): string =>
    `<alias binding="strong"><family>${family}</family><prefer><family>Inter</family></prefer></alias>`;
  return `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include>${prefer('system-ui')}${prefer('sans-serif')}</fontconfig>`;
}
