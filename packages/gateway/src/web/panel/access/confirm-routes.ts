/**
 * The page on which a person proves again who they are, before a dangerous action. It carries what the form said, and afterwards waits
 * for the person to send it: nothing is repeated by itself.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { renderConfirmedPage, renderConfirmPage } from '@webpos/web';
import { confirmByCode, confirmByProof } from '../../../services/people/log-in.ts';
import { askOptions } from '../../../services/people/passkey-options.ts';
import { proveByPasskey, proveByPassword } from '../../../services/people/prove.ts';
import type { OpenedSession } from '../../../services/people/sessions.ts';
import type { FrameSource } from '../frame-source.ts';
import { redirectTo, sendPage } from '../panel-reply.ts';
import type { AccessParts } from './access-parts.ts';
import { countFailure, refuseGuess } from './login-guard.ts';
import { fieldsOf } from './login-routes.ts';
import { isSameKey } from './panel-session.ts';
import type { SessionVisit } from './panel-visits.ts';

/** A form that waits for its confirmation. */
export interface WaitingForm {
  /** The path that it is sent to. */
  readonly action: string;
  readonly fields: Readonly<Record<string, string | undefined>>;
}

export type ConfirmParts = AccessParts & { readonly frames: FrameSource };

export function confirmRoutes(server: FastifyInstance, parts: ConfirmParts): void {
  const { visits, frames } = parts;
  server.post('/panel/confirm', async (request, reply) => {
    const visit = await visits.of(request);
    if (visit === undefined) return redirectTo(reply, visits.basePath, '/panel/login');
    const { form_key: formKey, action = '', waiting = '' } = fieldsOf(request);
    const form = waitingForm(action, waiting);
    if (!isSameKey(visit.formKey, formKey) || form === undefined) return redirectTo(reply, visits.basePath, '/panel?note=stale');
    const guess = { target: `confirm ${visit.session.id}`, isKnownDevice: true };
    refuseGuess(request, guess);
    const confirmed = await confirm(parts, request, visit);
    if (confirmed === undefined) {
      countFailure(request, guess);
      await parts.failed.record(visit.person, 'confirmation', request.caller?.address ?? '');
      return sendConfirm(parts, request, reply.code(401), { visit, form, isWrong: true });
    }
    visits.begin(reply, confirmed);
    return sendPage(request, reply, renderConfirmedPage(await frames.of(visit), form));
  });
}

/** Asks for a proof, and keeps what the form says. */
export async function sendConfirm(
  { context, visits, frames }: ConfirmParts,
  request: FastifyRequest,
  reply: FastifyReply,
  { visit, form, isWrong }: { readonly visit: SessionVisit; readonly form: WaitingForm; readonly isWrong: boolean },
): Promise<FastifyReply> {
  const { person, session } = visit;
  const { site } = visits;
  const hasPasskeys = person !== undefined && (await context.store.passkeys.ofPerson(person.id, 1)).length > 0;
  const html = renderConfirmPage(await frames.of(visit), {
    form,
    isWrong,
    isOperator: person === undefined,
    passkeyOptions: site && hasPasskeys ? askOptions(context, site, purposeOf(session.id)) : undefined,
  });
  return sendPage(request, reply, html);
}

async function confirm(
  { context, visits, lanes }: ConfirmParts,
  request: FastifyRequest,
  { session, person }: SessionVisit,
): Promise<OpenedSession | undefined> {
  const { credential = '', password = '', code = '' } = fieldsOf(request);
  if (person === undefined) return confirmByCode(context, session, code);
  const { site } = visits;
  const proof =
    credential === ''
      ? await lanes.run(true, () => proveByPassword(context, person, { password, code }))
      : site && (await proveByPasskey(context, site, credential, purposeOf(session.id)));
  return proof && confirmByProof(context, session, proof);
}

function purposeOf(sessionId: string): string {
  return `confirm ${sessionId}`;
}

/** Reads a form back from the page; undefined if it is not one of the panel. */
function waitingForm(action: string, waiting: string): WaitingForm | undefined {
  if (!/^\/panel\/[\w/.-]+$/.test(action)) return undefined;
  try {
    const fields: unknown = JSON.parse(waiting);
    return typeof fields === 'object' && fields !== null ? { action, fields: fields as WaitingForm['fields'] } : undefined;
  } catch {
    return undefined;
  }
}
