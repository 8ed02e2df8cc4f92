/** Puts values in the place of their names in braces. @throws RangeError when a text asks for a value that is not there. */
export function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (_all, name: string) => {
    const value = values[name];
    if (value === undefined) throw new RangeError(`the text ${JSON.stringify(text)} asks for ${name}, which is not there`);
    return value;
  });
}
