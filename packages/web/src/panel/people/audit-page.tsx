/** @jsxRuntime automatic @jsxImportSource preact */
import { UNTRANSLATED, Verbatim, Words } from '../../page/verbatim.tsx';
import type { PanelFrame } from '../frame/panel-frame.ts';
import { PanelForm, renderPanelPage } from '../frame/panel-page.tsx';
import { panelWords } from '../frame/wording.ts';
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
  /** The query of the next page; null at the end. */
  next: string | null;
  verification: { entries: number; faultAt: number | null } | null;
}

/** Renders the audit log. */
export function renderAuditPage(frame: PanelFrame, { entries, next, verification }: AuditView): string {
  const { text, phrase, integer } = panelWords(frame.reader, peopleTexts);
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
      {entries.length === 0 && <p class="card empty">{text('no_entries')}</p>}
      <ul class="card rows">
        {entries.map(({ position, at, actor, action, subject, details }) => (
          <li key={position}>
            <span class="event">
              <Verbatim>{action}</Verbatim>
            </span>
            <time dateTime={at}>{`${at.slice(0, 10)} ${at.slice(11, 19)} UTC`}</time>
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
      {next !== null && (
        <p class="pages">
          <a rel="next" href={`${frame.basePath}/panel/audit?${next}`}>
            {text('older')}
          </a>
        </p>
      )}
    </>,
  );
}
