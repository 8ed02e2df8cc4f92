/** @jsxRuntime automatic @jsxImportSource preact */
import type { ComponentChildren, VNode } from 'preact';

import { Verbatim, Words } from '../../page/verbatim.tsx';
import { renderPanelPage } from '../frame/panel-page.tsx';
import { panelWords, type PanelWords } from '../frame/wording.ts';
import type { ReportText } from './texts/en.ts';
import { reportTexts } from './texts/index.ts';
import type { NamedChoice, ReportsView } from './view.ts';

type ReportWords = PanelWords<ReportText>;

/** Renders the form of a report, with the totals of its rows once they are asked for. */
export function renderReportsPage(view: ReportsView): string {
  const words = panelWords(view.reader, reportTexts);
  return renderPanelPage(
    words.text('title'),
    view,
    <>
      <h1>{words.text('title')}</h1>
      <p>{words.text('lead')}</p>
      <ReportForm view={view} words={words} />
      <Totals view={view} words={words} />
    </>,
  );
}

function ReportForm({ view, words }: { view: ReportsView; words: ReportWords }): VNode {
  const { basePath, fields, pos, merchants } = view;
  const { text } = words;
  const kinds = ['payments', 'days', 'orders'] as const;
  const formats = ['csv', 'jsonl', 'koinly', 'datev'] as const;
  return (
    <form class="card fields" method="get" action={`${basePath}/panel/reports`}>
      <Choice
        view={view}
        words={words}
        name="kind"
        label={text('kind')}
        choices={kinds.map((one) => [one, text(`kind_${one}`)])}
      />
      <Choice
        view={view}
        words={words}
        name="format"
        label={text('format')}
        choices={formats.map((one) => [one, text(`format_${one}`)])}
      />
      <Day view={view} words={words} name="from" label={text('from')} />
      <Day view={view} words={words} name="to" label={text('to')} />
      <Choice view={view} words={words} name="pos" label={text('pos')} choices={named(text('all_pos'), pos)} />
      {merchants.length > 0 && (
        <Choice
          view={view}
          words={words}
          name="merchant"
          label={text('merchant')}
          choices={named(text('all_merchants'), merchants)}
        />
      )}
      <label class="tick">
        <input type="checkbox" name="bom" value="1" checked={fields['bom'] === '1'} />
        <span>{text('bom')}</span>
      </label>
      <details open={fields['format'] === 'datev'}>
        <summary>DATEV</summary>
        <p class="faint">{text('datev_hint')}</p>
        <Digits view={view} name="datev_consultant" label={text('datev_consultant')} placeholder="1001" />
        <Digits view={view} name="datev_client" label={text('datev_client')} placeholder="1" />
        <Digits view={view} name="datev_account" label={text('datev_account')} placeholder="1360" />
        <Digits view={view} name="datev_contra_account" label={text('datev_contra_account')} placeholder="8400" />
      </details>
      <p class="buttons">
        <button type="submit" formaction={`${basePath}/panel/reports/download`}>
          {text('download')}
        </button>
        <button class="quiet" type="submit">
          {text('show_totals')}
        </button>
      </p>
    </form>
  );
}

interface FieldProps {
  view: ReportsView;
  words: ReportWords;
  name: string;
  label: string;
}

function Choice({ choices, ...props }: FieldProps & { choices: readonly (readonly [value: string, label: string])[] }): VNode {
  const { view, name } = props;
  return (
    <Field {...props}>
      <select id={name} name={name} {...describedBy(view, name)}>
        {choices.map(([value, label]) => (
          <option key={value} value={value} selected={view.fields[name] === value}>
            {label}
          </option>
        ))}
      </select>
    </Field>
  );
}

function Day(props: FieldProps): VNode {
  const { view, name } = props;
  return (
    <Field {...props}>
      <input id={name} name={name} type="date" required value={view.fields[name]} {...describedBy(view, name)} />
    </Field>
  );
}

function Digits({
  view,
  name,
  label,
  placeholder,
}: {
  view: ReportsView;
  name: string;
  label: string;
  placeholder: string;
}): VNode {
  return (
    <p class="field">
      <label for={name}>{label}</label>
      <input
        id={name}
        name={name}
        inputmode="numeric"
        pattern="\d{1,8}"
        maxLength={8}
        placeholder={placeholder}
        value={view.fields[name]}
      />
    </p>
  );
}

function Field({ view, words, name, label, children }: FieldProps & { children: ComponentChildren }): VNode {
  const fault = view.faults[name];
  return (
    <div class="field">
      <label for={name}>{label}</label>
      {children}
      {fault !== undefined && (
        <p class="fault" id={`${name}-fault`}>
          {words.text(isFault(fault) ? `fault_${fault}` : 'fault_unknown')}
        </p>
      )}
    </div>
  );
}

const FAULTS = ['before_from', 'too_long', 'only_payments', 'one_year', 'unknown', 'day'] as const;

function isFault(fault: string): fault is (typeof FAULTS)[number] {
  return FAULTS.some((one) => one === fault);
}

function describedBy({ faults }: ReportsView, name: string): Record<string, string> {
  return faults[name] === undefined ? {} : { 'aria-invalid': 'true', 'aria-describedby': `${name}-fault` };
}

function named(all: string, choices: readonly NamedChoice[]): readonly (readonly [string, string])[] {
  return [['', all], ...choices.map(({ uuid, name }) => [uuid, name] as const)];
}

function Totals({ view, words }: { view: ReportsView; words: ReportWords }): VNode | null {
  const { totals, fields, timeZone, basePath } = view;
  const { text, phrase } = words;
  if (totals === null || timeZone === null) return null;
  const period = phrase('totals_of', { from: fields['from'] ?? '', to: fields['to'] ?? '', zone: timeZone });
  if (totals === 'too_many') {
    const query = new URLSearchParams(Object.entries(fields).filter(([, value]) => value !== '')).toString();
    return (
      <section class="card" aria-labelledby="totals">
        <h2 id="totals">{text('totals')}</h2>
        <p>
          <Words of={period} />
        </p>
        <p>
          {text('too_many')} <a href={`${basePath}/panel/reports/totals?${query}`}>{text('download_totals')}</a>
        </p>
      </section>
    );
  }
  return (
    <section class="card" aria-labelledby="totals">
      <h2 id="totals">{text('totals')}</h2>
      <p>
        <Words of={period} />
      </p>
      {totals.length === 0 ? <p>{text('no_rows')}</p> : <TotalsTable view={view} words={words} totals={totals} />}
    </section>
  );
}

function TotalsTable({
  view,
  words,
  totals,
}: {
  view: ReportsView;
  words: ReportWords;
  totals: Exclude<ReportsView['totals'], null | 'too_many'>;
}): VNode {
  const { text, integer, fiat, bitcoin } = words;
  const isOrders = view.fields['kind'] === 'orders';
  return (
    <div class="table-frame" tabIndex={0} role="region" aria-label={`${text('totals')}: ${text('col_currency')}`}>
      <table>
        <thead>
          <tr>
            <th scope="col">{text('col_currency')}</th>
            <th scope="col">{text('col_rows')}</th>
            <th scope="col">{text('col_received')}</th>
            <th scope="col">{text(isOrders ? 'col_prices' : 'col_order_rate')}</th>
            {!isOrders && <th scope="col">{text('col_payment')}</th>}
            {!isOrders && <th scope="col">{text('col_without_rate')}</th>}
          </tr>
        </thead>
        <tbody>
          {totals.map((total) => (
            <tr key={total.currency}>
              <th scope="row">{total.currency}</th>
              <td>{integer(total.rows)}</td>
              <td>
                <Verbatim>{bitcoin(total.received)}</Verbatim>
              </td>
              <td>
                <Verbatim>{fiat(total.atOrderRate, total.currency)}</Verbatim>
              </td>
              {total.atPayment !== null && (
                <td>
                  <Verbatim>{fiat(total.atPayment, total.currency)}</Verbatim>
                </td>
              )}
              {total.withoutRate !== null && <td>{integer(total.withoutRate)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
