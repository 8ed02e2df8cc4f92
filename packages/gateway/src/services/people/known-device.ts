/** Marks with which a browser shows that somebody has logged in there with a login. A mark opens nothing. */
import { hasRowMac, rowMac } from '../../security/row-mac.ts';
import type { PeopleContext } from './people-context.ts';

const KIND = 'device';

export function deviceMark({ keys }: Pick<PeopleContext, 'keys'>, login: string): string {
  return rowMac(keys.people, KIND, [login]);
}

export function isDeviceMark({ keys }: Pick<PeopleContext, 'keys'>, mark: string, login: string): boolean {
  return hasRowMac(mark, keys.people, KIND, [login]);
}
