/** The schemas of people in the panel's API. */
import { Type, type TSchema } from 'typebox';
import { described, FilledText, IsoDate, nullable, Uuid, WholeNumber, words } from '../../../http/openapi/values.ts';
import { exactly, type WireSchema } from '../../../http/openapi/wire-schema.ts';
import { ROLES } from '../../../people/role.ts';
import { MAX_SCOPE_IDS } from '../../../people/scope.ts';
import type { InvitedPersonJson, ListedPersonJson, PersonJson, SessionJson } from '../../../services/people/person-json.ts';
import type { EndpointSchema } from '../openapi/endpoint-schema.ts';

const EXACT = { additionalProperties: false } as const;

const Role = words(ROLES, 'What may be done: everything, daily work, reading and exports, or the orders of today.');
const PERSON = {
  uuid: Uuid,
  login: described(FilledText, 'What the person logs in with.'),
  name: FilledText,
  email: nullable(FilledText),
  role: Type.Unsafe<PersonJson['role']>(Role),
  pos: nullable(Type.Array(Uuid), 'The POS that the person sees; null for all.'),
  merchants: nullable(Type.Array(Uuid), 'The merchants whose POS the person sees too; null for all.'),
  created_at: IsoDate,
  disabled_at: nullable(IsoDate, 'Null while the person may log in.'),
};
const LISTED = {
  ...PERSON,
  changed_outside: described(
    Type.Boolean(),
    'Whether the row was changed outside of the gateway: the person may not log in then.',
  ),
};

const PersonSchema: WireSchema<PersonJson> = exactly<PersonJson>()(
  Type.Object(PERSON, { ...EXACT, $id: 'Person', description: 'Somebody who may use the panel.' }),
);
const ListedPersonSchema: WireSchema<ListedPersonJson> = exactly<ListedPersonJson>()(
  Type.Object(LISTED, { ...EXACT, $id: 'ListedPerson' }),
);
const InvitedPersonSchema: WireSchema<InvitedPersonJson> = exactly<InvitedPersonJson>()(
  Type.Object(
    {
      ...PERSON,
      link: described(FilledText, 'Sets the login up. It works once and is not shown again.'),
      link_expires_at: IsoDate,
    },
    { ...EXACT, $id: 'InvitedPerson' },
  ),
);
const SessionSchema: WireSchema<SessionJson> = exactly<SessionJson>()(
  Type.Object(
    { uuid: Uuid, user_agent: Type.String(), address: Type.String(), created_at: IsoDate, last_used_at: IsoDate },
    { ...EXACT, $id: 'PanelSession', description: 'A browser in which a person is logged in.' },
  ),
);

const Ids = Type.Optional(Type.Array(Uuid, { maxItems: MAX_SCOPE_IDS }));
const DETAILS = {
  name: Type.Optional(FilledText),
  email: Type.Optional(nullable(FilledText)),
  pos: Ids,
  merchants: Ids,
  all_pos: Type.Optional(described(Type.Boolean(), 'All POS, also those that are created later.')),
};

export const listPeople: EndpointSchema = {
  operationId: 'listPeople',
  summary: 'List people',
  description: 'By login.',
  query: Type.Object({
    after: Type.Optional(described(FilledText, 'The `next` of the page before.')),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 25 })),
  }),
  answer: {
    description: 'One page.',
    schema: Type.Object({ people: Type.Array(ListedPersonSchema), next: nullable(FilledText, 'Null on the last page.') }, EXACT),
  },
};

export const getPerson: EndpointSchema = {
  operationId: 'getPerson',
  summary: 'Read a person and their sessions',
  answer: {
    description: 'The person, with the sessions last used first.',
    schema: Type.Object({ ...LISTED, sessions: Type.Array(SessionSchema) }, { ...EXACT, $id: 'PersonDetails' }),
  },
};

export const invitePerson: EndpointSchema = {
  operationId: 'invitePerson',
  summary: 'Create a person and make the link to set up the login',
  description: 'Without `pos` and `merchants`, the person sees all POS.',
  body: Type.Object({ login: FilledText, role: Role, ...DETAILS }),
  answer: { status: 201, description: 'The person, with the link.', schema: InvitedPersonSchema },
};

export const changePerson: EndpointSchema = {
  operationId: 'changePerson',
  summary: 'Change a person',
  description:
    'What is left out stays. `pos` and `merchants` together replace what the person sees. With another role, the sessions end.',
  body: Type.Object({ role: Type.Optional(Role), ...DETAILS }),
  answer: { description: 'The person.', schema: PersonSchema },
};

const changed = (operationId: string, summary: string): EndpointSchema => ({
  operationId,
  summary,
  answer: { description: 'The person.', schema: PersonSchema },
});

export const disablePerson: EndpointSchema = changed(
  'disablePerson',
  'Keep a person out of the panel, and end their sessions at once',
);
export const enablePerson: EndpointSchema = changed('enablePerson', 'Let a person into the panel again');

const invitedAgain = (operationId: string, summary: string, description: string): EndpointSchema => ({
  operationId,
  summary,
  description,
  answer: { description: 'The person, with the link.', schema: InvitedPersonSchema },
});

export const invitePersonAgain: EndpointSchema = invitedAgain(
  'invitePersonAgain',
  'Make a new link to set up the login',
  'What the person logs in with so far remains valid.',
);
export const resetPerson: EndpointSchema = invitedAgain(
  'resetPerson',
  'Remove what a person logs in with, and make a link to set up a new login',
  'The sessions of the person end at once.',
);

const Ended: TSchema = Type.Object({ ended: WholeNumber }, EXACT);

export const endSessions: EndpointSchema = {
  operationId: 'endSessions',
  summary: 'End all sessions of a person',
  answer: { description: 'How many there were.', schema: Ended },
};

export const endSession: EndpointSchema = {
  operationId: 'endSession',
  summary: 'End a session of a person',
  answer: { status: 204, description: 'It has ended.' },
};
