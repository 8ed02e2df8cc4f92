/** The page of an invitation, on which a person sets up the login. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { pickReader, renderRecoveryPage, renderWelcomePage, type Reader, type SetUpFaultText } from '@webpos/web';
import { findInvited, type Invited } from '../../../services/people/invitations.ts';
import { createOptions } from '../../../services/people/passkey-options.ts';
import { acceptInvitation, newPasskey, newPassword, offerTotp, type NewCredential } from '../../../services/people/set-up.ts';
import { sendPage } from '../panel-reply.ts';
import type { AccessParts } from './access-parts.ts';
import { noteDevice } from './device.ts';
import { countFailure, refuseGuess } from './login-guard.ts';
import { fieldsOf, placeOf } from './login-routes.ts';

const GUESS = { target: 'invitation', isKnownDevice: true };

export function welcomeRoutes(server: FastifyInstance, parts: AccessParts): void {
  const { context } = parts;
  const invitedBy = async (request: FastifyRequest, code: string): Promise<Invited | undefined> => {
    refuseGuess(request, GUESS);
    const invited = await findInvited(context, context.store, code);
    if (invited === undefined) countFailure(request, GUESS);
    return invited;
  };
  server.get('/panel/welcome', async (request, reply) => {
    const { code = '' } = request.query as { code?: string };
    const invited = await invitedBy(request, code);
    return sendWelcome(parts, request, reply, { code, invited, fault: undefined, sealed: '' });
  });
  server.post('/panel/welcome', async (request, reply) => {
    const { code = '', totp: sealed = '' } = fieldsOf(request);
    const invited = await invitedBy(request, code);
    if (invited === undefined) return sendWelcome(parts, request, reply, { code, invited, fault: undefined, sealed });
    const credential = await credentialOf(parts, request, invited);
    if (typeof credential === 'string') return sendWelcome(parts, request, reply, { code, invited, fault: credential, sealed });
    const done = await acceptInvitation(context, code, credential, placeOf(request));
    if (done === undefined) return sendWelcome(parts, request, reply, { code, invited: undefined, fault: undefined, sealed });
    parts.visits.begin(reply, done);
    noteDevice(parts, request, reply, invited.person.login);
    const { basePath } = parts.visits;
    return sendPage(request, reply, renderRecoveryPage({ basePath, reader: readerOf(request), codes: done.recoveryCodes }));
  });
}

function credentialOf(
  { context, visits, lanes }: AccessParts,
  request: FastifyRequest,
  { person, invitation }: Invited,
): Promise<SetUpFaultText | NewCredential> {
  const { credential = '', name = '', password = '', repeated = '', totp = '', digits = '' } = fieldsOf(request);
  if (credential === '') {
    const typed = { password, repeated, sealedTotp: totp, code: digits };
    return lanes.run(true, () => newPassword(context, person, typed));
  }
  const { site } = visits;
  if (site === undefined) return Promise.resolve('passkey');
  return newPasskey(context, site, { answer: credential, name, purpose: purposeOf(invitation) });
}

interface Welcome {
  readonly code: string;
  readonly invited: Invited | undefined;
  readonly fault: SetUpFaultText | undefined;
  readonly sealed: string;
}

async function sendWelcome(
  { context, visits }: AccessParts,
  request: FastifyRequest,
  reply: FastifyReply,
  { code, invited, fault, sealed }: Welcome,
): Promise<FastifyReply> {
  const { basePath, site } = visits;
  const reader = readerOf(request);
  if (invited === undefined)
    return sendPage(request, reply.code(404), renderWelcomePage({ basePath, reader, invited: undefined, fault: undefined }));
  const { person, invitation } = invited;
  const html = renderWelcomePage({
    basePath,
    reader,
    fault,
    invited: {
      code,
      login: person.login,
      name: person.name,
      passkeyOptions: site && (await createOptions(context, site, person, purposeOf(invitation))),
      totp: offerTotp(context, person, visits.issuer, sealed),
    },
  });
  return sendPage(request, fault === undefined ? reply : reply.code(422), html);
}

function purposeOf({ hash }: Invited['invitation']): string {
  return `invitation ${hash}`;
}

function readerOf({ headers }: FastifyRequest): Reader {
  return pickReader(undefined, headers['accept-language']);
}
