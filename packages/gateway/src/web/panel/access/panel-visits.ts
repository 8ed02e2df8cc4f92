/** Recognises who requests the panel, by the session cookie, and slows down guesses. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { basePathOf } from '../../kernel/base-path.ts';
import { mayEnter } from '../../services/operator/panel-access.ts';
import { VerifiedSecrets } from '../../services/merchants/verified-secrets.ts';
import { formKeyOf, readSession, setSession, type PanelPlace } from './panel-session.ts';
import { noteOf, type PanelOptions, type Visit } from './panel-views.ts';

/** A visit of a browser with a valid session. */
export interface SessionVisit extends Visit {
  readonly session: string;
}

export class PanelVisits {
  readonly #context: PanelOptions['context'];
  readonly #verified = new VerifiedSecrets();

  constructor(context: PanelOptions['context']) {
    this.#context = context;
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
    const session = readSession(request, this.#place());
    if (session === undefined || session === '') return undefined;
    const { address = '', limits } = request.caller ?? {};
    if (!this.#verified.has(session)) limits?.guess(address, undefined);
    if (!(await mayEnter(this.#context, 'session', session))) {
      const tooMany = limits?.failure(address, undefined);
      if (tooMany !== undefined) throw tooMany;
      return undefined;
    }
    this.#verified.add(session);
    return { session, basePath: this.basePath, formKey: formKeyOf(session), note: noteOf(request.query) };
  }

  /** Gives the browser a new session. */
  begin(reply: FastifyReply, session: string): void {
    this.#verified.add(session);
    setSession(reply, session, this.#place());
  }

  /** Removes the session from the browser. */
  end(reply: FastifyReply): void {
    setSession(reply, '', this.#place());
  }

  #place(): PanelPlace {
    return { isHttps: this.#context.publicUrl.startsWith('https:'), basePath: this.basePath };
  }
}
