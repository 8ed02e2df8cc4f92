/** People who use the panel of a test gateway, each with a session in a browser. */
import type { Role } from '../../src/people/role.ts';
import type { PersonScope } from '../../src/people/person.ts';
import { createPerson, type InvitedPerson } from '../../src/services/people/manage-people.ts';
import { openSession } from '../../src/services/people/sessions.ts';
import type { Answer, TestGateway } from './test-gateway.ts';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

export type Fields = Readonly<Record<string, string>>;

export interface TestBrowser {
  readonly cookie: string;
  get(path: string): Promise<Answer>;
  /** Sends a form with the key of the session. */
  press(path: string, fields?: Fields): Promise<Answer>;
}

export function sendForm(test: TestGateway, path: string, fields: Fields, headers: Fields = {}): Promise<Answer> {
  return test.call('POST', path, { body: new URLSearchParams(fields).toString(), headers: { ...FORM, ...headers } });
}

/** The cookies that an answer sets, as a browser sends them back. */
export function cookiesOf({ headers }: Answer): string {
  return headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}

export function browserWith(test: TestGateway, cookie: string): TestBrowser {
  const get: TestBrowser['get'] = (path) => test.call('GET', path, { headers: { cookie } });
  return {
    cookie,
    get,
    press: async (path, fields = {}) => {
      // The page of a refusal has it too, in its form for logging out.
      const { text } = await get('/panel/people');
      const [, key = ''] = /name="form_key" value="([^"]+)"/.exec(text) ?? [];
      return sendForm(test, path, { form_key: key, ...fields }, { cookie });
    },
  };
}

let count = 0;

/** Creates a person, and opens a session without a login. */
export async function newPanelPerson(
  test: TestGateway,
  role: Role,
  scope: PersonScope = { kind: 'all' },
  name: string = role,
): Promise<InvitedPerson & { readonly browser: TestBrowser }> {
  const { context } = test.gateway;
  count += 1;
  const wanted = { login: `${role}${count}`, name, email: null, role, scope };
  const invited = await createPerson(context, { kind: 'command' }, wanted);
  const place = { userAgent: '<b>Browser</b>', address: '192.0.2.1' };
  const { secret } = await context.store.transaction((tx) => openSession(context, tx, invited.person.id, place));
  return { ...invited, browser: browserWith(test, `webpos_panel=${secret}`) };
}
