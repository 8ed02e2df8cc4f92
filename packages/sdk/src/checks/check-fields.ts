import { nameHint } from '#runtime';
import { ValidationError } from '../errors/index.ts';
import { isObject, type Rule, type Rules, describeValue } from './value-rules.ts';

/** What is wrong with fields, by their names; anything else than a text is no problem. */
export type Problems = Readonly<Record<string, string | false | undefined>>;

/** How to check the fields of a request. */
export interface FieldCheck<Fields> {
  /** What the fields are called together, such as `creation`. */
  name: string;
  rules: Rules<Fields>;
  /** Whether the server may know more fields than have rules. A variant spelling of a known field is refused in any case. */
  isOpen: boolean;
}

/**
 * Checks the fields of a request, and reports problems in the words and the shape of the server.
 *
 * @throws ValidationError with `errors` by the names on the wire.
 */
export function checkFields<Fields>(fields: Fields, check: FieldCheck<Fields> & { method: string; path: string }): void {
  throwIfInvalid(check.method, check.path, problemsOf(fields, check));
}

/** Returns the problems with the fields of a request, by the names on the wire. */
export function problemsOf<Fields>(fields: unknown, { name, rules, isOpen }: FieldCheck<Fields>): Problems {
  const problems: Record<string, string | undefined> = {};
  const known = Object.keys(rules);
  if (isObject(fields)) {
    for (const [field, rule] of Object.entries<Rule>(rules))
      problems[wireName(field)] = problemOf((fields as Record<string, unknown>)[field], rule);
    for (const given of Object.keys(fields)) {
      if (known.includes(given)) continue;
      const meant = known.find((each) => fold(each) === fold(given));
      if (meant !== undefined) problems[given] = `must be written ${meant}`;
      else if (!isOpen) problems[given] = `is unknown (${nameHint(given, known)})`;
    }
  } else problems[name] = `must be an object, got ${describeValue(fields)}`;
  return problems;
}

/** Spellings of one name differ in case and in the separators of words. */
function fold(name: string): string {
  return name.toLowerCase().replace(/[_-]/g, '');
}

/** Converts the name of a field to the wire: `pageSize` to `page_size`. */
export function wireName(field: string): string {
  return field.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
}

/**
 * Refuses an invalid call before it is sent, in the words and the shape of the server.
 *
 * @param problems the problem of each field.
 * @throws ValidationError with `errors` by field, unless there is no problem.
 */
export function throwIfInvalid(method: string, path: string, problems: Problems): void {
  const errors: Record<string, string[]> = {};
  const reported: string[] = [];
  for (const [field, problem] of Object.entries(problems)) {
    if (!problem) continue;
    errors[field] = [problem];
    reported.push(`${field} ${problem}`);
  }
  if (reported.length === 0) return;
  throw new ValidationError(`not sent: ${reported.join('; ')}`, { method, path, errorCode: '0001', errors });
}

/** Returns the problem with a field in the words of the server; undefined if it is valid. */
function problemOf(value: unknown, [isRight, wanted, got = describeValue, isRequired]: Rule): string | undefined {
  const isLeftOut = value == null && !isRequired;
  return isLeftOut || isRight(value) ? undefined : `must be ${wanted}, got ${got(value)}`;
}
