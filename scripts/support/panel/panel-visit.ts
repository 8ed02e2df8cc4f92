/** The panel as a person uses it, without a browser: the forms of its pages. */
import type { Gateway } from '@webpos/gateway';
import type { Person } from '../../../packages/gateway/src/people/person.ts';
import type { Role } from '../../../packages/gateway/src/people/role.ts';
import { createPerson } from '../../../packages/gateway/src/services/people/manage-people.ts';
import { openSession } from '../../../packages/gateway/src/services/people/sessions.ts';

export type Fields = Readonly<Record<string, string>>;

export interface PanelVisit {
  readonly person: Person;
  /** The secret of the session, which is its cookie. */
  readonly secret: string;
  /** Sends a form. @returns the path of the page that follows, or that of the form if the answer is a page. */
  send(path: string, fields: Fields): Promise<string>;
}

export interface NewViewer {
  readonly login: string;
  readonly name: string;
  readonly role: Role;
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** Creates a person and opens a session. */
export async function visitPanel({ context, url }: Gateway, { login, name, role }: NewViewer): Promise<PanelVisit> {
  const wanted = { login, name, role, email: `${login}@corner.example`, scope: { kind: 'all' } } as const;
  const { person } = await createPerson(context, { kind: 'command' }, wanted);
  const place = { userAgent: 'Firefox 151 on Linux', address: '192.0.2.14' };
  const { secret } = await context.store.transaction((tx) => openSession(context, tx, person.id, place));
  const cookie = `webpos_panel=${secret}`;
  const formKey = async (): Promise<string> => {
    const html = await (await fetch(`${url}/panel/orders`, { headers: { cookie } })).text();
    return /name="form_key" value="([^"]+)"/.exec(html)?.[1] ?? '';
  };
  return {
    person,
    secret,
    send: async (path, fields) => {
      const body = new URLSearchParams({ form_key: await formKey(), ...fields });
      const answer = await fetch(url + path, { method: 'POST', body, headers: { ...FORM, cookie }, redirect: 'manual' });
      if (answer.status >= 400) throw new Error(`${path}: expected to be done, got ${answer.status} ${await answer.text()}`);
      return answer.headers.get('location') ?? path;
    },
  };
}
