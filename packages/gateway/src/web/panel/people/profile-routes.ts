/** The page on which people change their own data, and what they log in with. An operator has no profile. */
import { LANGUAGES, renderProfilePage, renderRecoveryPage, type PeopleNote, type SetUpFaultText } from '@webpos/web';
import { parseName } from '../../../merchants/name.ts';
import { parseEmail } from '../../../people/login-name.ts';
import type { Person } from '../../../people/person.ts';
import { changePerson } from '../../../services/people/manage-people.ts';
import { createOptions } from '../../../services/people/passkey-options.ts';
import { endSession, endSessionsOf, MAX_SESSIONS_SHOWN } from '../../../services/people/sessions.ts';
import {
  addCredential,
  MAX_PASSKEYS,
  newPasskey,
  newPassword,
  newRecoveryCodes,
  offerTotp,
  removePasskey,
  type NewCredential,
} from '../../../services/people/set-up.ts';
import type { AccessParts } from '../access/access-parts.ts';
import type { FormRequest, FormResult, PageRequest, PanelRouter } from '../panel-router.ts';
import { sessionView } from './people-routes.ts';

const PATH = '/panel/profile';
const STALE = { staleTo: PATH } as const;
const CONFIRMED = { staleTo: PATH, reauthenticate: true } as const;

interface Outcome {
  readonly note?: PeopleNote;
  readonly fault?: SetUpFaultText;
}

type Own = FormRequest & { readonly person: Person };

export function profileRoutes(panel: PanelRouter, parts: AccessParts): void {
  const { context, lanes } = parts;
  panel.page(PATH, 'self.manage', async (page) =>
    profilePage(parts, page, page.query['note'] === 'saved' ? { note: 'saved' } : {}),
  );
  const form = (path: string, submit: (own: Own) => Promise<FormResult | undefined>, isDangerous = true): void =>
    panel.form(
      path,
      'self.manage',
      async (request) => {
        const { person } = request.visit;
        return person && submit({ ...request, person });
      },
      isDangerous ? CONFIRMED : STALE,
    );
  const add = async (own: Own, credential: SetUpFaultText | NewCredential): Promise<FormResult> => {
    if (typeof credential === 'string')
      return { html: (await profilePage(parts, own, { fault: credential })) ?? '', status: 422 };
    await addCredential(context, own.person, credential, own.visit.session.id);
    return `${PATH}?note=saved`;
  };
  form(PATH, (own) => changeOwn(parts, own), false);
  form(`${PATH}/password`, async (own) => {
    const { password = '', repeated = '', totp: sealedTotp = '', digits: code = '' } = own.fields;
    return add(own, await lanes.run(true, () => newPassword(context, own.person, { password, repeated, sealedTotp, code })));
  });
  form(`${PATH}/passkeys`, async (own) => {
    const { site } = parts.visits;
    const { credential: answer = '', name = '' } = own.fields;
    return add(own, site === undefined ? 'passkey' : await newPasskey(context, site, { answer, name, purpose: purposeOf(own) }));
  });
  form(`${PATH}/passkeys/remove`, async ({ person, fields: { passkey = '' } }) =>
    (await removePasskey(context, person, passkey)) ? `${PATH}?note=saved` : PATH,
  );
  form(`${PATH}/recovery`, async ({ person, visit: { basePath, reader } }) => ({
    html: renderRecoveryPage({ basePath, reader, codes: await newRecoveryCodes(context, person) }),
  }));
  form(
    `${PATH}/sessions/end`,
    async ({ person, viewer, visit }) => {
      await endSessionsOf(context, viewer.actor, person.id, visit.session.id);
      return PATH;
    },
    false,
  );
  form(
    `${PATH}/sessions/:session/end`,
    async ({ person, viewer, params: { session = '' } }) => {
      const found = await context.store.sessions.get(session);
      if (found === undefined || found.personId !== person.id) return undefined;
      await endSession(context, viewer.actor, session);
      return PATH;
    },
    false,
  );
}

async function profilePage(
  { context, visits }: AccessParts,
  page: PageRequest,
  { note, fault }: Outcome,
): Promise<string | undefined> {
  const { person, session } = page.visit;
  if (person === undefined) return undefined;
  const { store } = context;
  const { site } = visits;
  const { login, name, email, language } = person;
  const passkeys = await store.passkeys.ofPerson(person.id, MAX_PASSKEYS);
  return renderProfilePage(await page.frame(), {
    login,
    name,
    email: email ?? '',
    language,
    sessions: (await store.sessions.ofPerson(person.id, MAX_SESSIONS_SHOWN)).map((one) => sessionView(one, session.id)),
    passkeys: passkeys.map(({ id, name: shown }) => ({ id, name: shown })),
    passkeyOptions:
      site !== undefined && passkeys.length < MAX_PASSKEYS
        ? await createOptions(context, site, person, purposeOf(page))
        : undefined,
    totp: offerTotp(context, person, visits.issuer),
    recoveryCodes: await store.credentials.countRecoveryCodes(person.id),
    note: note ?? null,
    fault,
  });
}

async function changeOwn(parts: AccessParts, own: Own): Promise<FormResult> {
  const { fields, person, viewer } = own;
  const language = LANGUAGES.find(({ tag }) => tag === fields['language'])?.tag ?? null;
  try {
    const change = { name: parseName(fields['name'] ?? ''), email: parseEmail(fields['email'] ?? ''), language };
    await changePerson(parts.context, viewer.actor, person.id, change);
    return `${PATH}?note=saved`;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { html: (await profilePage(parts, own, { note: 'invalid' })) ?? '', status: 422 };
  }
}

function purposeOf({ visit }: PageRequest): string {
  return `register ${visit.session.id}`;
}
