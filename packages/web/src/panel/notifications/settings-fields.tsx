/** @jsxRuntime automatic @jsxImportSource preact */
import type { ComponentChildren, VNode } from 'preact';
import type { PanelWords } from '../frame/wording.ts';
import { kindText } from './notifications-page.tsx';
import type { NotificationText } from './texts/en.ts';
import type { SubscriptionFormView } from './view.ts';

interface FieldsProps {
  readonly view: SubscriptionFormView;
  readonly words: PanelWords<NotificationText>;
}

/** What is sent, and when. */
export function SettingsFields({ view, words }: FieldsProps): VNode {
  const { kinds, pos, values } = view;
  const { text } = words;
  return (
    <>
      <Group view={view} words={words} field="kinds" legend="kinds">
        {kinds.map((kind) => (
          <Check key={kind} name={`kind.${kind}`} isChecked={values.kinds.includes(kind)}>
            {text(kindText(kind))}
          </Check>
        ))}
      </Group>
      {pos.length > 1 && (
        <Group view={view} words={words} field="pos" legend="pos">
          <Check name="all_pos" isChecked={values.pos === null}>
            {text('pos_all')}
          </Check>
          {pos.map(({ uuid, name }) => (
            <Check key={uuid} name={`pos.${uuid}`} isChecked={values.pos?.includes(uuid) === true}>
              <bdi translate={false}>{name}</bdi>
            </Check>
          ))}
        </Group>
      )}
      <TimeFields view={view} words={words} />
      <Check name="urgent" isChecked={values.urgent}>
        {text('urgent')}
      </Check>
      <Check name="amounts" isChecked={values.amounts}>
        {text('amounts')}
      </Check>
    </>
  );
}

function TimeFields({ view, words }: FieldsProps): VNode {
  const { values, timeZones } = view;
  const { text } = words;
  return (
    <>
      <Group view={view} words={words} field="timing" legend="timing">
        {(['immediately', 'hourly', 'daily'] as const).map((timing) => (
          <label key={timing} class="choice">
            <input type="radio" name="timing" value={timing} checked={values.timing === timing} />
            {text(timing)}
          </label>
        ))}
        <Time name="daily_at" value={values.daily_at} label={text('daily_at')} />
      </Group>
      <Group view={view} words={words} field="quiet_from" legend="quiet">
        <Check name="is_quiet" isChecked={values.is_quiet}>
          {text('quiet_on')}
        </Check>
        <div class="times">
          <Time name="quiet_from" value={values.quiet_from} label={text('quiet_from')} />
          <Time name="quiet_to" value={values.quiet_to} label={text('quiet_to')} />
        </div>
        <p class="hint">{text('quiet_help')}</p>
      </Group>
      <Group view={view} words={words} field="time_zone" legend="time_zone">
        <select name="time_zone" aria-label={text('time_zone')} translate={false}>
          {timeZones.map((zone) => (
            <option key={zone} selected={zone === values.time_zone}>
              {zone}
            </option>
          ))}
        </select>
      </Group>
    </>
  );
}

interface GroupProps extends FieldsProps {
  readonly field: 'kinds' | 'pos' | 'timing' | 'quiet_from' | 'time_zone';
  readonly legend: NotificationText;
  readonly children: ComponentChildren;
}

/** Fields with a common name, and what is wrong with them. */
function Group({ view, words, field, legend, children }: GroupProps): VNode {
  const isWrong = view.wrong.includes(field);
  return (
    <fieldset aria-describedby={isWrong ? `wrong-${field}` : undefined}>
      <legend>{words.text(legend)}</legend>
      {children}
      {isWrong && (
        <p class="wrong" id={`wrong-${field}`}>
          {words.text(`wrong_${field}`)}
        </p>
      )}
    </fieldset>
  );
}

function Check(props: { name: string; isChecked: boolean; children: ComponentChildren }): VNode {
  return (
    <label class="choice">
      <input type="checkbox" name={props.name} value="yes" checked={props.isChecked} />
      {props.children}
    </label>
  );
}

function Time({ name, value, label }: { name: string; value: string; label: string }): VNode {
  return (
    <label>
      {label}
      <input type="time" name={name} value={value} />
    </label>
  );
}
