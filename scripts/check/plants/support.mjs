/** What the plants share. */
export const GATEWAY = 'packages/gateway/src';
export const SDK = 'packages/sdk/src';

/** Joins halves of words that the gate `words` would otherwise find here too. */
export const word = (...parts) => parts.join('');

/** 24 kB that cannot be compressed. */
export function noise() {
  let state = 1;
  return Array.from({ length: 24_000 }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return String.fromCharCode(97 + (state % 26));
  }).join('');
}

/** Changes one value in a package.json. */
export const json = (change) => (text) => {
  const value = JSON.parse(text);
  change(value);
  return `${JSON.stringify(value, null, 2)}\n`;
};

/** Escapes a text for a regular expression. */
export function escape(text) {
  return text.replaceAll(/[$()*+.?[\\\]^{|}/]/g, String.raw`\$&`);
}
