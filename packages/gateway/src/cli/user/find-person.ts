/** The option `--login`, which identifies the person of a command. */
import type { OptionHelp } from '@webpos/listen/help';
import { OperatorError } from '../../kernel/operator-error.ts';
import { normalLogin } from '../../people/login-name.ts';
import type { Store } from '../../store/ports/store.ts';
import type { StoredPerson } from '../../store/ports/people/person-store.ts';

export const LOGIN_OPTION: OptionHelp = {
  value: 'LOGIN',
  text: 'the name that the person logs in with',
  allowed: '1 to 64 letters a to z, digits, and . _ @ + -',
};

/** @throws OperatorError if nobody has the login. */
export async function findPerson({ people }: Pick<Store, 'people'>, login: string): Promise<StoredPerson> {
  const person = await people.byLogin(normalLogin(login));
  if (person === undefined) throw new OperatorError('--login: nobody has this login; webpos user list shows all');
  return person;
}
