/** Recognises who requests the panel, by the session cookie, and slows down guesses. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { pickReader, type Reader } from '@webpos/web';
import { basePathOf } from '../../../kernel/base-path.ts';
import type { Person } from '../../../people/person.ts';
import type { Viewer } from '../../../people/viewer.ts';
import type { OrderReadContext } from '../../../services/context.ts';
import type { StoredSession } from '../../../store/ports/people/session-store.ts';
import { VerifiedSecrets } from '../../../services/merchants/verified-secrets.ts';
import type { PeopleContext } from '../../../services/people/people-context.ts';
import { siteOf } from '../../../services/people/passkey-options.ts';
import { viewerOfSession } from '../../../services/people/recognise.ts';
import type { OpenedSession } from '../../../services/people/sessions.ts';
import { formKeyOf, readSession, setSession, type PanelPlace } from './panel-session.ts';

/** A visit of a browser with a valid session. */
export interface SessionVisit {
  readonly session: StoredSession;
  /** Undefined for an operator. */
  readonly person: Person | undefined;
  readonly viewer: Viewer;
  /** The language of the pages, and the region by whose customs they write numbers and dates. */
  readonly reader: Reader;
  /** The prefix of every path, such as `/pay`; usually empty. */
  readonly basePath: string;
  /** The path of the request, without that prefix. */
  readonly path: string;
  /** Sent with every form. */
  readonly formKey: string;
}

/** Sent by pages that ask for themselves: a session ends although its pages are left open. */
const REFRESH_HEADER = 'x-panel-refresh';

export class PanelVisits {
  readonly #context: OrderReadContext & PeopleContext;
  readonly #verified = new VerifiedSecrets();

  constructor(context: OrderReadContext & PeopleContext) {
    this.#context = context;
  }

  /** Where browsers reach the panel. */
  get place(): PanelPlace {
    return { isHttps: this.#context.publicUrl.startsWith('https:'), basePath: this.basePath };
  }

  /** Where passkeys are registered; undefined where browsers refuse them. */
  get site(): ReturnType<typeof siteOf> {
    return siteOf(this.#context.publicUrl);
  }

  /** What an app shows beside its codes. */
  get issuer(): string {
    return `WebPOS ${new URL(this.#context.publicUrl).host}`;
  }

  get basePath(): string {
    return basePathOf(this.#context.publicUrl);
  }

  /**
   * Returns the visit of a request; undefined without a valid session.
   *
   * @throws ContractError 2000 when the address has tried too many invalid sessions.
   */
  async of(request: FastifyRequest): Promise<SessionVisit | undefined> {
    const session = readSession(request, this.place);
    if (session === undefined || session === '') return undefined;
    const { address = '', limits } = request.caller ?? {};
    if (!this.#verified.has(session)) limits?.guess(address, undefined);
    const recognised = await viewerOfSession(
      this.#context,
      session,
      request.headers[REFRESH_HEADER] === undefined ? address : undefined,
    );
    if (recognised === undefined) {
      const tooMany = limits?.failure(address, undefined);
      if (tooMany !== undefined) throw tooMany;
      return undefined;
    }
    this.#verified.add(session);
    const { viewer } = recognised;
    return {
      ...recognised,
      reader: pickReader(viewer.language, request.headers['accept-language']),
      basePath: this.basePath,
      path: request.url.replace(/\?.*$/, ''),
      formKey: formKeyOf(recognised.session.id, this.#context.keys.people),
    };
  }

  /** Returns who an open stream belongs to as of now; undefined if the session has ended. That is no use of the session. */
  async viewerOf(request: FastifyRequest): Promise<Viewer | undefined> {
    const session = readSession(request, this.place) ?? '';
    return (await viewerOfSession(this.#context, session, undefined))?.viewer;
  }

  /** Gives the browser a new session, or the new secret of its session. */
  begin(reply: FastifyReply, { secret, session }: OpenedSession): void {
    this.#verified.add(secret);
    const maxAgeS = Math.floor((session.expiresAt - this.#context.clock.now()) / 1000);
    setSession(reply, secret, maxAgeS, this.place);
  }

  /** Removes the session from the browser. */
  end(reply: FastifyReply): void {
    setSession(reply, '', 0, this.place);
  }
}
