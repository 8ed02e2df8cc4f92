/** The options of a POS for the look of its checkout pages, and for the sites that may frame them. */
import { open } from 'node:fs/promises';
import type { OptionHelp } from '@webpos/listen/help';
import type { Config } from '../../config/config.ts';
import { parseAccent } from '../../merchants/accent.ts';
import { MAX_LOGO_BYTES, parseLogo, type LogoImage } from '../../merchants/logo-image.ts';
import { MAX_ORIGINS, parsePageOrigin } from '../../merchants/page-origin.ts';
import { parseSupport } from '../../merchants/support.ts';
import type { LookChange } from '../../services/merchants/change-look.ts';
import type { Options } from '../support/options.ts';
import { namingOption } from '../support/naming-option.ts';
import { UsageError } from '../support/usage-error.ts';

export type LookOption = 'support' | 'accent' | 'logo' | 'origin';

export const LOOK_OPTIONS: Readonly<Record<LookOption, OptionHelp>> = {
  support: {
    value: 'CONTACT',
    text: 'contact that buyers see',
    allowed: 'an e-mail address, a telephone number or an https URL of at most 120 characters, or none',
    default: 'none',
  },
  accent: {
    value: 'COLOUR',
    text: 'colour of the buttons; their text stays legible on any colour',
    allowed: '#rrggbb, or none',
    default: 'none',
  },
  logo: {
    value: 'FILE',
    text: 'image above the name',
    allowed: `a PNG, JPEG, WebP or SVG file of at most ${MAX_LOGO_BYTES / 1024} KiB, or none`,
    default: 'none',
  },
  origin: {
    value: 'ORIGIN',
    text: 'origin whose pages may show the checkout in a frame',
    allowed: `such as https://shop.example, up to ${MAX_ORIGINS} of them, or none`,
    default: 'none',
    isRepeatable: true,
  },
};

/** Returns only the given settings; null for `none`. @throws UsageError that names the option. */
export async function readLook(options: Options<LookOption>, { mode }: Pick<Config, 'mode'>): Promise<LookChange> {
  const support = given(options, 'support', parseSupport);
  const accent = given(options, 'accent', parseAccent);
  const logo = options.optional('logo');
  const origins = options.list('origin');
  return {
    ...(support === undefined ? {} : { support }),
    ...(accent === undefined ? {} : { accent }),
    ...(logo === undefined ? {} : { logo: logo === 'none' ? null : await readLogo(logo) }),
    ...(origins.length === 0 ? {} : { origins: readOrigins(origins, mode === 'sandbox') }),
  };
}

function given(options: Options<LookOption>, name: LookOption, parse: (text: string) => string): string | null | undefined {
  const text = options.optional(name);
  if (text === undefined) return undefined;
  return text === 'none' ? null : namingOption(name, () => parse(text));
}

function readOrigins(texts: readonly string[], allowLocal: boolean): readonly string[] {
  if (texts.length === 1 && texts[0] === 'none') return [];
  const origins = new Set(texts.map((text) => namingOption('origin', () => parsePageOrigin(text, { allowLocal }))));
  if (origins.size > MAX_ORIGINS) throw new UsageError(`--origin: expected at most ${MAX_ORIGINS}, got ${origins.size}`);
  return [...origins];
}

/** Reads at most as many bytes as a logo may have. */
async function readLogo(path: string): Promise<LogoImage> {
  const bytes = await firstBytes(path, MAX_LOGO_BYTES + 1);
  if (bytes.length > MAX_LOGO_BYTES)
    throw new UsageError(`--logo: expected an image of at most ${MAX_LOGO_BYTES} bytes, got a larger file`);
  return namingOption('logo', () => parseLogo(bytes));
}

async function firstBytes(path: string, count: number): Promise<Uint8Array> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(new Uint8Array(count), 0, count, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'an error';
    throw new UsageError(`--logo: expected the path of a file that can be read, got one that cannot (${code})`);
  }
}
