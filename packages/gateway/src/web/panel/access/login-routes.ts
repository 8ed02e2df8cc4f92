/** The login and logout of the panel. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { pickReader, renderLoginPage, type LoginFault } from '@webpos/web';
import { normalLogin } from '../../../people/login-name.ts';
import { logIn, personOfLogin } from '../../../services/people/log-in.ts';
import { askOptions } from '../../../services/people/passkey-options.ts';
import { proveByPasskey, proveByPassword } from '../../../services/people/prove.ts';
import { endSession, openOperatorSession, type SessionPlace } from '../../../services/people/sessions.ts';
import { redirectTo, sendPage } from '../panel-reply.ts';
import type { AccessParts } from './access-parts.ts';
import { isKnownDevice, noteDevice } from './device.ts';
import { countFailure, refuseGuess } from './login-guard.ts';
import { isSameKey } from './panel-session.ts';

type Fields = Readonly<Record<string, string | undefined>>;

const PURPOSE = 'login';
const MAX_TYPED = 1_000;

/** Where a request comes from. */
export function placeOf({ headers, caller }: FastifyRequest): SessionPlace {
  return { userAgent: headers['user-agent'] ?? '', address: caller?.address ?? '' };
}

export function loginRoutes(server: FastifyInstance, parts: AccessParts): void {
  const { context, visits } = parts;
  server.get('/panel/login', async (request, reply) => {
    if ((await visits.of(request)) !== undefined) return redirectTo(reply, visits.basePath, '/panel');
    return sendLogin(parts, request, reply, undefined);
  });
  server.post('/panel/login', async (request, reply) => {
    const { code = '' } = fieldsOf(request);
    const { caller } = request;
    caller?.limits?.guess(caller.address, 'panel');
    const opened = await openOperatorSession(context, code, placeOf(request));
    if (opened !== undefined) {
      visits.begin(reply, opened);
      return redirectTo(reply, visits.basePath, '/panel');
    }
    const tooMany = caller?.limits?.failure(caller.address, 'panel');
    if (tooMany !== undefined) throw tooMany;
    await parts.failed.record(undefined, 'code', caller?.address ?? '');
    return sendLogin(parts, request, reply, 'code');
  });
  server.post('/panel/login/password', async (request, reply) => logInWithPassword(parts, request, reply));
  server.post('/panel/login/passkey', async (request, reply) => logInWithPasskey(parts, request, reply));
  server.post('/panel/logout', async (request, reply) => {
    const visit = await visits.of(request);
    const { form_key: formKey } = fieldsOf(request);
    if (visit !== undefined && isSameKey(visit.formKey, formKey)) {
      await endSession(context, visit.viewer.actor, visit.session.id);
      visits.end(reply);
    }
    return redirectTo(reply, visits.basePath, '/panel/login');
  });
}

async function logInWithPassword(parts: AccessParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { context, lanes, failed } = parts;
  const { login: typed = '', password = '', code = '' } = fieldsOf(request);
  const login = normalLogin(typed.slice(0, MAX_TYPED));
  const guess = { target: `login ${login}`, isKnownDevice: isKnownDevice(parts, request, login) };
  refuseGuess(request, guess);
  const person = await personOfLogin(context, login);
  const typedProof = { password: password.slice(0, MAX_TYPED), code: code.slice(0, MAX_TYPED) };
  const proof = await lanes.run(guess.isKnownDevice, () => proveByPassword(context, person, typedProof));
  const opened = await logIn(context, proof, placeOf(request));
  if (opened === undefined) {
    countFailure(request, guess);
    await failed.record(person, 'password', request.caller?.address ?? '');
    return sendLogin(parts, request, reply, 'login');
  }
  return enter(parts, request, reply, opened);
}

async function logInWithPasskey(parts: AccessParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { context, visits, failed } = parts;
  const { credential = '' } = fieldsOf(request);
  const { site } = visits;
  const guess = { target: 'passkey', isKnownDevice: true };
  refuseGuess(request, guess);
  const proof = site === undefined ? undefined : await proveByPasskey(context, site, credential, PURPOSE);
  const opened = proof === undefined ? undefined : await logIn(context, proof, placeOf(request));
  if (opened !== undefined) return enter(parts, request, reply, opened);
  countFailure(request, guess);
  await failed.record(undefined, 'passkey', request.caller?.address ?? '');
  return sendLogin(parts, request, reply, 'passkey');
}

function enter(
  parts: AccessParts,
  request: FastifyRequest,
  reply: FastifyReply,
  opened: NonNullable<Awaited<ReturnType<typeof logIn>>>,
): FastifyReply {
  parts.visits.begin(reply, opened);
  noteDevice(parts, request, reply, opened.person.login);
  return redirectTo(reply, parts.visits.basePath, '/panel');
}

async function sendLogin(
  { context, visits }: AccessParts,
  request: FastifyRequest,
  reply: FastifyReply,
  fault: LoginFault | undefined,
): Promise<FastifyReply> {
  const { site } = visits;
  const html = renderLoginPage({
    basePath: visits.basePath,
    reader: pickReader(undefined, request.headers['accept-language']),
    hasPeople: (await context.store.people.list('', 1)).length > 0,
    passkeyOptions: site && askOptions(context, site, PURPOSE),
    fault,
  });
  return sendPage(request, fault === undefined ? reply : reply.code(401), html);
}

export function fieldsOf({ body }: FastifyRequest): Fields {
  return (body ?? {}) as Fields;
}
