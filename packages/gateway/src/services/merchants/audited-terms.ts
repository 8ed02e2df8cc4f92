import { createHash } from 'node:crypto';
import type { Pos } from '../../merchants/pos.ts';
import { posTermsJson } from './settings/pos-json.ts';

/** Returns the settings as the audit log keeps them: the queries of URLs may hold secrets. */
export function auditedTerms(pos: Pos): Readonly<Record<string, unknown>> {
  const settings = Object.entries(posTermsJson(pos));
  return Object.fromEntries(
    settings.map(([name, value]) => [
      name,
      name.endsWith('_url') && typeof value === 'string' ? value.replace(/\?.*$/s, (query) => `?[${digestOf(query)}]`) : value,
    ]),
  );
}

/** Shows that a query changed without showing it. */
function digestOf(query: string): string {
  return createHash('sha256').update(query).digest('hex').slice(0, 8);
}
