/** @jsxRuntime automatic @jsxImportSource preact */
import type { ComponentChildren, VNode } from 'preact';

import { FilterSelect } from './filter-select.tsx';

interface ListFiltersProps {
  /** The path of the list. */
  action: string;
  text: (key: 'status' | 'pos' | 'all' | 'show') => string;
  statuses: readonly (readonly [value: string, label: string])[];
  pos: readonly { readonly uuid: string; readonly name: string }[];
  filters: { readonly status: string; readonly pos: string };
  /** Further filters. */
  children?: ComponentChildren;
}

/** What narrows a list by status and POS. */
export function ListFilters({ action, text, statuses, pos, filters, children }: ListFiltersProps): VNode {
  return (
    <form class="filters" method="get" action={action}>
      <FilterSelect name="status" label={text('status')} all={text('all')} choices={statuses} value={filters.status} />
      <FilterSelect
        name="pos"
        label={text('pos')}
        all={text('all')}
        choices={pos.map(({ uuid, name }) => [uuid, name])}
        value={filters.pos}
      />
      {children}
      <button type="submit">{text('show')}</button>
    </form>
  );
}
