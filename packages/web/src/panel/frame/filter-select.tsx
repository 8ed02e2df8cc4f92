/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

interface FilterSelectProps {
  name: string;
  label: string;
  /** What the empty choice says. */
  all: string;
  choices: readonly (readonly [value: string, label: string])[];
  value: string;
}

/** A choice that narrows a list. */
export function FilterSelect({ name, label, all, choices, value }: FilterSelectProps): VNode {
  return (
    <div>
      <label for={name}>{label}</label>
      <select id={name} name={name}>
        <option value="">{all}</option>
        {choices.map(([choice, text]) => (
          <option key={choice} value={choice} selected={choice === value}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}
