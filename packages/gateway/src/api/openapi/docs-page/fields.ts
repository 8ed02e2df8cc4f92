/** The fields of a schema as a list: name, type, description and limits. */
import type { Json } from '../../../http/openapi/open-api.ts';
import { html, inline, type Html } from './html.ts';

export interface Schema extends Json {
  readonly $ref?: string;
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly pattern?: string;
  readonly default?: string | number;
}

export function fieldList({ properties = {}, required = [] }: Schema): Html {
  return html`<dl>
    ${Object.entries(properties).map(([name, schema]) => field(name, schema, required.includes(name) ? '' : ', optional'))}
  </dl>`;
}

export function field(name: string, schema: Schema, note: string): Html {
  return html`<dt><code>${name}</code> <span class="quiet">${kind(schema)}${note}</span></dt>
    <dd>${schema.description === undefined ? '' : html`<p>${inline(schema.description)}</p>`}${limits(schema)}</dd>`;
}

/** Returns the name of the object that a reference points to. */
export function nameOf(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}

function kind(schema: Schema): Html {
  if (schema.$ref !== undefined) return html`<a href="#${nameOf(schema.$ref)}">${nameOf(schema.$ref)}</a>`;
  if (schema.anyOf !== undefined) return html`${schema.anyOf.map((one, at) => html`${at === 0 ? '' : ' or '}${kind(one)}`)}`;
  if (schema.items !== undefined) return html`array of ${kind(schema.items)}`;
  return html`${schema.type ?? ''}`;
}

function limits(schema: Schema): Html[] {
  const own = schema.anyOf?.find(({ type }) => type !== 'null') ?? schema;
  const lines: Html[] = [];
  if (own.enum !== undefined)
    lines.push(html`One of ${own.enum.map((word, at) => html`${at === 0 ? '' : ', '}<code>${word}</code>`)}.`);
  if (own.const !== undefined) lines.push(html`Always <code>${own.const}</code>.`);
  if (typeof own['minimum'] === 'number' && typeof own['maximum'] === 'number')
    lines.push(html`From ${own['minimum']} to ${own['maximum']}.`);
  if (typeof own['maxLength'] === 'number') lines.push(html`At most ${own['maxLength']} characters.`);
  if (own.pattern !== undefined) lines.push(html`Matches <code>${own.pattern}</code>.`);
  if (own.default !== undefined) lines.push(html`Default: <code>${own.default}</code>.`);
  return lines.map((line) => html`<p class="quiet">${line}</p>`);
}
