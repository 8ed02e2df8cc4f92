/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';
import { UNTRANSLATED, Verbatim, Words } from '../../page/verbatim.tsx';
import type { PanelFrame } from '../frame/panel-frame.ts';
import { PanelForm, renderPanelPage } from '../frame/panel-page.tsx';
import { Time } from '../frame/times.tsx';
import { panelWords, type PanelWords } from '../frame/wording.ts';
import type { PeopleText } from './texts/en.ts';
import { peopleTexts } from './texts/index.ts';

export interface AuditEntryView {
  position: number;
  at: string;
  actor: string;
  action: string;
  subject: string;
  /** JSON. */
  details: string;
}

export interface AuditView {
  entries: readonly AuditEntryView[];
  filters: AuditFiltersView;
  /** The IANA name of the time zone whose days the filters mean. */
  timeZone: string;
  /** The position before which the next page begins; null at the end. */
  next: number | null;
  /** Whether the search was cut off before the page was full. */
  isCutOff: boolean;
  verification: { entries: number; faultAt: number | null } | null;
}

/** As a person has typed them. */
export interface AuditFiltersView {
  actor: string;
  action: string;
  subject: string;
  /** Such as `2026-11-23`. */
  from: string;
  to: string;
}

/** Renders the audit log. */
export function renderAuditPage(frame: PanelFrame, view: AuditView): string {
  const { entries, filters, next, isCutOff, verification } = view;
  const words = panelWords(frame.reader, peopleTexts);
  const { text, phrase, integer } = words;
  return renderPanelPage(
    text('audit'),
    frame,
    <>
      <h1>{text('audit')}</h1>
      {verification !== null && (
        <p class={`note ${verification.faultAt === null ? 'good' : 'bad'}`} role="status">
          <Words
            of={
              verification.faultAt === null
                ? phrase('intact', { count: integer(verification.entries) })
                : phrase('broken', { position: integer(verification.faultAt) })
            }
          />
        </p>
      )}
      <section class="card actions">
        <PanelForm frame={frame} action="/panel/audit/verify">
          <button type="submit">{text('verify')}</button>
        </PanelForm>
        <p>
          <a href={`${frame.basePath}/panel/audit/export`}>{text('export')}</a>
        </p>
      </section>
      <Filters filters={filters} timeZone={view.timeZone} frame={frame} words={words} />
      {isCutOff && <p class="note heed">{text('cut_off')}</p>}
      {entries.length === 0 && !isCutOff && <p class="card empty">{text('no_entries')}</p>}
      <Entries entries={entries} />
      {next !== null && (
        <p class="pages">
          <a rel="next" href={hrefOf(frame, filters, next)}>
            {text('older')}
          </a>
        </p>
      )}
    </>,
  );
}

function Entries({ entries }: Pick<AuditView, 'entries'>): VNode {
  return (
    <ul class="card rows">
      {entries.map(({ position, at, actor, action, subject, details }) => (
        <li key={position}>
          <span class="event">
            <Verbatim>{action}</Verbatim>
          </span>
          <Time iso={at} />
          <p class="facts">
            <span>{position}</span>
            <Verbatim>{actor}</Verbatim>
            <Verbatim>{subject}</Verbatim>
          </p>
          {details !== '{}' && (
            <p class="said" dir="ltr" {...UNTRANSLATED}>
              {details}
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}

function Filters({
  filters,
  timeZone,
  frame,
  words,
}: {
  filters: AuditFiltersView;
  timeZone: string;
  frame: PanelFrame;
  words: PanelWords<PeopleText>;
}): VNode {
  const { text, phrase } = words;
  return (
    <form class="card order-filters" method="get" action={`${frame.basePath}/panel/audit`} role="search">
      {(['actor', 'action', 'subject'] as const).map((name) => (
        <div key={name}>
          <label for={name}>{text(name)}</label>
          <input id={name} name={name} value={filters[name]} maxLength={200} autocomplete="off" aria-describedby="filter-hint" />
        </div>
      ))}
      {(['from', 'to'] as const).map((name) => (
        <div key={name}>
          <label for={name}>{text(name)}</label>
          <input id={name} name={name} type="date" value={filters[name]} />
        </div>
      ))}
      <p class="whole buttons">
        <button type="submit">{text('show')}</button>
        {Object.values(filters).some((value) => value !== '') && <a href={`${frame.basePath}/panel/audit`}>{text('clear')}</a>}
        <span class="hint" id="filter-hint">
          <Words of={phrase('filter_hint', { zone: timeZone })} />
        </span>
      </p>
    </form>
  );
}

function hrefOf({ basePath }: PanelFrame, filters: AuditFiltersView, before: number): string {
  const given = Object.entries({ ...filters, before: String(before) }).filter(([, value]) => value !== '');
  return `${basePath}/panel/audit?${new URLSearchParams(given).toString()}`;
}
