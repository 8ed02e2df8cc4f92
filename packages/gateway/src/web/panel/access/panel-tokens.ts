/** Recognises the programs that call the panel's API, by their bearer tokens, and slows down guesses. */
import type { FastifyRequest } from 'fastify';
import { ContractError } from '../../../contract/contract-error.ts';
import { bearerOf } from '../../../http/bearer.ts';
import { refuseGuesses } from '../../../http/limits/caller.ts';
import { VerifiedSecrets } from '../../../services/merchants/verified-secrets.ts';
import type { PeopleContext } from '../../../services/people/people-context.ts';
import { viewerOfToken, type RecognisedToken } from '../../../services/people/recognise.ts';

export class PanelTokens {
  readonly #context: PeopleContext;
  readonly #verified = new VerifiedSecrets();

  constructor(context: PeopleContext) {
    this.#context = context;
  }

  /** @throws ContractError 3007 without a token, 1007 when it is invalid, expired or revoked, 2000 after too many guesses. */
  async viewerOf(request: FastifyRequest): Promise<RecognisedToken> {
    const token = bearerOf(request, 'a token of webpos panel token');
    if (!this.#verified.has(token)) refuseGuesses(request);
    const recognised = await viewerOfToken(this.#context, token);
    if (recognised === undefined) throw new ContractError('1007', 'the token is invalid, expired or revoked');
    this.#verified.add(token);
    return recognised;
  }
}
