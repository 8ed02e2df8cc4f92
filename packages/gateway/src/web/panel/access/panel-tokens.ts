/** Recognises the programs that call the panel's API, by their bearer tokens, and slows down guesses. */
import type { FastifyRequest } from 'fastify';
import type { Viewer } from '../../../people/viewer.ts';
import { ContractError } from '../../../contract/contract-error.ts';
import { bearerOf } from '../../../http/bearer.ts';
import { refuseGuesses } from '../../../http/limits/caller.ts';
import type { StoreContext } from '../../../services/context.ts';
import { VerifiedSecrets } from '../../../services/merchants/verified-secrets.ts';
import { viewerOfToken } from '../../../services/people/recognise.ts';

export class PanelTokens {
  readonly #context: StoreContext;
  readonly #verified = new VerifiedSecrets();

  constructor(context: StoreContext) {
    this.#context = context;
  }

  /** @throws ContractError 3007 without a token, 1007 when it is invalid, expired or revoked, 2000 after too many guesses. */
  async viewerOf(request: FastifyRequest): Promise<Viewer> {
    const token = bearerOf(request, 'a token of webpos panel token');
    if (!this.#verified.has(token)) refuseGuesses(request);
    const viewer = await viewerOfToken(this.#context, token);
    if (viewer === undefined) throw new ContractError('1007', 'the token is invalid, expired or revoked');
    this.#verified.add(token);
    return viewer;
  }
}
