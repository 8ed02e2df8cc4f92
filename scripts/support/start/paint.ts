/** Colours for a terminal; files and pipes get none. */
import type { WriteStream } from 'node:tty';

const CODES = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39], cyan: [36, 39] } as const;

type Style = keyof typeof CODES;
export type Paint = Readonly<Record<Style, (text: string) => string>>;

/** @param stream where the text goes. `hasColors` respects `NO_COLOR` and `TERM=dumb`. */
export function paintFor(stream: Pick<WriteStream, 'isTTY'> & Partial<Pick<WriteStream, 'hasColors'>>): Paint {
  const isColoured = stream.isTTY && stream.hasColors?.() === true;
  const style = (name: Style): ((text: string) => string) => {
    const [on, off] = CODES[name];
    return (text) => (isColoured ? `\u001b[${on}m${text}\u001b[${off}m` : text);
  };
  return {
    bold: style('bold'),
    dim: style('dim'),
    red: style('red'),
    green: style('green'),
    yellow: style('yellow'),
    cyan: style('cyan'),
  };
}
