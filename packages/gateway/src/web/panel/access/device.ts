/**
 * The browsers in which a person has logged in. A cookie says so. It opens nothing: only guesses from elsewhere do not slow this browser
 * down.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { deviceMark, isDeviceMark } from '../../../services/people/known-device.ts';
import type { PeopleContext } from '../../../services/people/people-context.ts';
import { cookieOf, setCookie, type PanelPlace } from './panel-session.ts';

const NAME = 'webpos_device';
const LIFE_S = 400 * 86_400;
const MAX_LOGINS = 5;

export interface DeviceParts {
  readonly context: Pick<PeopleContext, 'keys'>;
  readonly visits: { readonly place: PanelPlace };
}

/** Whether somebody has logged in with this login in this browser. */
export function isKnownDevice({ context, visits: { place } }: DeviceParts, request: FastifyRequest, login: string): boolean {
  return marksOf(request, place).some((mark) => isDeviceMark(context, mark, login));
}

/** Notes a login in the browser. */
export function noteDevice(
  { context, visits: { place } }: DeviceParts,
  request: FastifyRequest,
  reply: FastifyReply,
  login: string,
): void {
  const mark = deviceMark(context, login);
  const marks = [mark, ...marksOf(request, place).filter((one) => one !== mark)].slice(0, MAX_LOGINS);
  setCookie(reply, { name: NAME, value: marks.join('.'), maxAgeS: LIFE_S }, place);
}

function marksOf(request: FastifyRequest, place: PanelPlace): string[] {
  return (cookieOf(request, NAME, place) ?? '').split('.').slice(0, MAX_LOGINS);
}
