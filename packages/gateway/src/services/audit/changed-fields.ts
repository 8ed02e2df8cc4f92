type Json = Readonly<Record<string, unknown>>;

/** Returns the fields that differ, before and after a change; undefined if none does. Both hold only values that JSON can hold. */
export function changedFields(before: Json, after: Json): { readonly before: Json; readonly after: Json } | undefined {
  const names = Object.keys({ ...before, ...after }).filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
  if (names.length === 0) return undefined;
  const pick = (json: Json): Json => Object.fromEntries(names.map((name) => [name, json[name]]));
  return { before: pick(before), after: pick(after) };
}
