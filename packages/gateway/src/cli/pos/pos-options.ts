/** The options of a POS: its settings, and its logo, which is a file. `none` removes an optional one. */
import { open } from 'node:fs/promises';
import type { OptionTable } from '@webpos/listen/help';
import type { Config } from '../../config/config.ts';
import { MAX_LOGO_BYTES, parseLogo, type LogoImage } from '../../merchants/logo-image.ts';
import { POS_SETTINGS, type PosChange } from '../../services/merchants/settings/pos-settings.ts';
import { namingOption } from '../support/naming-option.ts';
import type { Options } from '../support/options.ts';
import { readSettingOptions, settingOptions } from '../support/setting-options.ts';
import { UsageError } from '../support/usage-error.ts';

export const POS_CHANGES: OptionTable = {
  ...settingOptions(POS_SETTINGS),
  logo: {
    value: 'FILE',
    text: 'image above the name',
    allowed: `a PNG, JPEG, WebP or SVG file of at most ${MAX_LOGO_BYTES / 1024} KiB, or none`,
    default: 'none',
  },
};

type LimitsConfig = Pick<Config, 'mode' | 'network' | 'settlementTimeoutMs' | 'callbacksAllow'>;

/** Returns only the given settings. @throws UsageError that names the option. */
export async function readPosOptions(options: Options, config: LimitsConfig): Promise<PosChange> {
  const { network, settlementTimeoutMs, mode, callbacksAllow: httpHosts } = config;
  const limits = { network, settlementTimeoutMs, allowHttp: mode === 'sandbox', httpHosts };
  const change = readSettingOptions(POS_SETTINGS, limits, options);
  const file = options.optional('logo');
  if (file === undefined) return change;
  return { ...change, look: { ...change.look, logo: file === 'none' ? null : await readLogo(file) } };
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
