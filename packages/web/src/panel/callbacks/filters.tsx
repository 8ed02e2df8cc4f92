/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import { ListFilters } from '../frame/list-filters.tsx';
import type { CallbackWords } from './callback-words.ts';
import { STATUSES } from './status.tsx';
import type { CallbackFilters, CallbacksView } from './view.ts';

export const NO_FILTERS: CallbackFilters = { status: '', pos: '', order: '', endpoint: '' };

interface FiltersProps {
  view: CallbacksView;
  words: CallbackWords;
}

/** What narrows the list of callbacks. */
export function Filters({ view, words: { text } }: FiltersProps): VNode {
  const { filters, pos, basePath } = view;
  return (
    <ListFilters
      action={`${basePath}/panel/callbacks`}
      text={text}
      statuses={STATUSES.map((status) => [status, text(`st_${status}`)])}
      pos={pos}
      filters={filters}
    >
      <TypedFilter name="order" label={text('order')} value={filters.order} maxLength={36} placeholder="UUID" />
      <TypedFilter
        name="endpoint"
        label={text('endpoint')}
        value={filters.endpoint}
        maxLength={300}
        placeholder="https://shop.example"
      />
    </ListFilters>
  );
}

interface TypedFilterProps {
  name: string;
  label: string;
  value: string;
  maxLength: number;
  placeholder: string;
}

function TypedFilter({ name, label, ...input }: TypedFilterProps): VNode {
  return (
    <div class="wide">
      <label for={name}>{label}</label>
      <input id={name} name={name} dir="ltr" spellcheck={false} autocomplete="off" {...input} />
    </div>
  );
}

/** The list with these filters, from its beginning or before a callback. */
export function hrefOf({ basePath }: CallbacksView, filters: CallbackFilters, before?: string): string {
  const given = Object.entries({ ...filters, before: before ?? '' }).filter(([, value]) => value !== '');
  const query = new URLSearchParams(given).toString();
  return `${basePath}/panel/callbacks${query === '' ? '' : `?${query}`}`;
}
