/** The settings of a POS or merchant as options of commands. */
import type { OptionHelp, OptionTable } from '@webpos/listen/help';
import { optionOf, readSettings, type Setting, type Settings } from '../../services/merchants/settings/setting.ts';
import type { Options } from './options.ts';
import { UsageError } from './usage-error.ts';

export function settingOptions(settings: Settings<never, unknown, never>): OptionTable {
  return Object.fromEntries(
    Object.entries(settings).map(([name, setting]): [string, OptionHelp] => [
      optionOf(name, setting),
      setting.kind === 'lines' ? { ...setting.help, isRepeatable: true } : setting.help,
    ]),
  );
}

/** Returns only the given settings. @throws UsageError that names the option. */
export function readSettingOptions<Change extends object, Limits>(
  settings: Settings<never, Change, Limits>,
  limits: Limits,
  options: Options,
): Change {
  return readSettings(
    settings,
    limits,
    (name, setting) => given(options, optionOf(name, setting), setting),
    (name, setting, expected) => {
      throw new UsageError(`--${optionOf(name, setting)}: ${expected}`);
    },
  );
}

function given(
  options: Options,
  option: string,
  { kind, reset, resetWord = 'none' }: Setting<never, unknown, never>,
): string | null | undefined {
  const isReset = (text: string | undefined): boolean => reset !== undefined && text === resetWord;
  if (kind === 'lines') {
    const lines = options.list(option);
    if (lines.length === 0) return undefined;
    return lines.length === 1 && isReset(lines[0]) ? null : lines.join('\n');
  }
  if (options.optional(option) === undefined) return undefined;
  if (kind === 'flag') return options.oneOf(option, ['yes', 'no']) === 'yes' ? '1' : '';
  const text = options.required(option);
  return isReset(text) ? null : text;
}
