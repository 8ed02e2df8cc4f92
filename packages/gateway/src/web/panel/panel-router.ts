/**
 * The routes of the panel. Every route names the permission that it needs, and nothing is registered without one, so that the list of
 * routes is also the table of who may do what: its test goes through every route as every role.
 *
 * A page answers GET and works without JavaScript. A form is a POST with the key of its session. An endpoint of the API takes a bearer
 * token. All three call the same services, with the viewer's actor and scope.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { renderMissingPage, renderRefusalPage, type PanelFrame } from '@webpos/web';
import { isConfirmed } from '../../services/people/sessions.ts';
import type { Permission } from '../../people/role.ts';
import type { Viewer } from '../../people/viewer.ts';
import { ContractError } from '../../contract/contract-error.ts';
import { apiRoute, type Handler } from '../../http/api-route.ts';
import type { PanelTokens } from './access/panel-tokens.ts';
import { sendConfirm, type ConfirmParts } from './access/confirm-routes.ts';
import { isSameKey } from './access/panel-session.ts';
import type { PanelVisits, SessionVisit } from './access/panel-visits.ts';
import type { FrameSource } from './frame-source.ts';
import type { EndpointSchema } from './openapi/endpoint-schema.ts';
import { redirectTo, sendPage } from './panel-reply.ts';

export type Fields = Readonly<Record<string, string | undefined>>;

/** A request for a page by somebody who may see it. */
export interface PageRequest {
  readonly visit: SessionVisit;
  readonly viewer: Viewer;
  readonly query: Fields;
  readonly params: Fields;
  /** What is the same on every page. */
  readonly frame: () => Promise<PanelFrame>;
}

export interface FormRequest extends PageRequest {
  readonly fields: Fields;
}

/** The answer to a form: the path to redirect to, or a page. */
export type FormResult = string | { readonly html: string; readonly status?: number };

/** Renders a page; undefined if what it would show does not exist, or not for this viewer. */
export type Render = (request: PageRequest) => Promise<string | undefined>;
/** Handles a form; undefined as above. */
export type Submit = (request: FormRequest) => Promise<FormResult | undefined>;

export interface FormOptions {
  /** Where the form's page is, if its key is that of an ended session. Default: `/panel?note=stale`. */
  readonly staleTo?: string;
  /** Whether the person has to prove again who they are. */
  readonly reauthenticate?: boolean;
  /** Whether it takes a file; the field then has a character for each byte. */
  readonly acceptsFile?: boolean;
}

/** A request to the API. */
export interface ApiRequest {
  readonly viewer: Viewer;
  readonly query: unknown;
  readonly body: unknown;
  readonly params: Fields;
  /** Aborts when the client goes away. */
  readonly request: FastifyRequest;
}

export interface ApiEndpoint {
  readonly permission: Permission;
  /** Describes the endpoint in `/panel/api/openapi.json`. It is loaded on demand, because the library of schemas is large. */
  readonly schema?: () => Promise<EndpointSchema>;
  /** Whether people have to confirm it: only tokens that were created with `--allow-dangerous` may use it. */
  readonly reauthenticate?: boolean;
  readonly handle: (request: ApiRequest, reply: FastifyReply) => Promise<unknown>;
}

export type ApiMethod = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** A route as the table of permissions lists it. */
export interface PanelRoute {
  readonly kind: 'page' | 'form' | 'raw' | 'api';
  readonly method: ApiMethod;
  readonly path: string;
  readonly permission: Permission;
  readonly reauthenticate: boolean;
  readonly schema?: ApiEndpoint['schema'];
}

export interface PanelRouterOptions {
  /** For pages and forms: accepts the bodies of forms only. */
  readonly pages: FastifyInstance;
  readonly api: FastifyInstance;
  readonly visits: PanelVisits;
  readonly tokens: PanelTokens;
  readonly frames: FrameSource;
  /** What it takes to have dangerous actions confirmed. */
  readonly confirm: ConfirmParts;
}

export class PanelRouter {
  /** Every route that was registered. */
  readonly routes: PanelRoute[] = [];
  readonly #options: PanelRouterOptions;

  constructor(options: PanelRouterOptions) {
    this.#options = options;
  }

  page(path: string, permission: Permission, render: Render): void {
    this.#list({ kind: 'page', method: 'GET', path, permission });
    this.#options.pages.get(path, async (request, reply) => {
      const visit = await this.#visitOf(request, reply, permission);
      if (visit === undefined) return reply;
      const html = await render(this.#pageRequest(request, visit));
      return html === undefined ? this.#missing(request, reply, visit) : sendPage(request, reply, html);
    });
  }

  form(
    path: string,
    permission: Permission,
    submit: Submit,
    { staleTo, reauthenticate = false, acceptsFile = false }: FormOptions = {},
  ): void {
    this.#list({ kind: 'form', method: 'POST', path, permission, reauthenticate });
    const { pages, visits, confirm } = this.#options;
    pages.post(path, { config: { acceptsFile } }, async (request, reply) => {
      const visit = await this.#visitOf(request, reply, permission);
      if (visit === undefined) return reply;
      const fields = (request.body ?? {}) as Fields;
      if (!isSameKey(visit.formKey, fields['form_key']))
        return redirectTo(reply, visits.basePath, staleTo ?? '/panel?note=stale');
      if (reauthenticate && !isConfirmed(confirm.context, visit.session))
        return sendConfirm(confirm, request, reply.code(403), { visit, form: { action: visit.path, fields }, isWrong: false });
      const result = await submit({ ...this.#pageRequest(request, visit), fields });
      if (result === undefined) return this.#missing(request, reply, visit);
      return typeof result === 'string'
        ? redirectTo(reply, visits.basePath, result)
        : sendPage(request, result.status === undefined ? reply : reply.code(result.status), result.html);
    });
  }

  /** A GET whose answer is no page, such as a download or an event stream. `handle` sends it. */
  raw(
    path: string,
    permission: Permission,
    handle: (page: PageRequest, request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>,
  ): void {
    this.#list({ kind: 'raw', method: 'GET', path, permission });
    this.#options.pages.get(path, async (request, reply) => {
      const visit = await this.#visitOf(request, reply, permission);
      return visit === undefined ? reply : handle(this.#pageRequest(request, visit), request, reply);
    });
  }

  /** Returns who an open stream belongs to as of now; undefined if the session has ended. */
  viewerOf(request: FastifyRequest): Promise<Viewer | undefined> {
    return this.#options.visits.viewerOf(request);
  }

  /** @param path Without its prefix `/panel/api`. */
  api(path: string, endpoints: Partial<Readonly<Record<ApiMethod, ApiEndpoint>>>): void {
    const handlers = Object.entries(endpoints).map(([method, endpoint]): [string, Handler] => {
      const { permission, reauthenticate = false, schema } = endpoint;
      const route = { kind: 'api', method: method as ApiMethod, path: `/panel/api${path}`, permission, reauthenticate } as const;
      this.#list(schema === undefined ? route : { ...route, schema });
      return [method, this.#apiHandler(endpoint)];
    });
    apiRoute(this.#options.api, `/panel/api${path}`, Object.fromEntries(handlers));
  }

  #apiHandler({ permission, reauthenticate = false, handle }: ApiEndpoint): Handler {
    return async (request, reply) => {
      const { viewer, allowsDangerous } = await this.#options.tokens.viewerOf(request);
      if (!viewer.permissions.has(permission))
        throw new ContractError('1012', `this token does not have the permission ${permission}`);
      if (reauthenticate && !allowsDangerous) throw new ContractError('1012', 'this token was created without --allow-dangerous');
      const { query, body, params } = request;
      return handle({ viewer, query, body, params: params as Fields, request }, reply);
    };
  }

  #list(route: Omit<PanelRoute, 'reauthenticate'> & { readonly reauthenticate?: boolean }): void {
    this.routes.push({ reauthenticate: false, ...route });
  }

  /** Returns the visit of a request; undefined after answering one that may not pass. */
  async #visitOf(request: FastifyRequest, reply: FastifyReply, permission: Permission): Promise<SessionVisit | undefined> {
    const { visits, frames } = this.#options;
    const visit = await visits.of(request);
    if (visit === undefined) {
      redirectTo(reply, visits.basePath, '/panel/login');
      return undefined;
    }
    if (visit.viewer.permissions.has(permission)) return visit;
    await sendPage(request, reply.code(403), renderRefusalPage(await frames.of(visit)));
    return undefined;
  }

  async #missing(request: FastifyRequest, reply: FastifyReply, visit: SessionVisit): Promise<FastifyReply> {
    return sendPage(request, reply.code(404), renderMissingPage(await this.#options.frames.of(visit)));
  }

  #pageRequest({ query, params }: FastifyRequest, visit: SessionVisit): PageRequest {
    return {
      visit,
      viewer: visit.viewer,
      query: query as Fields,
      params: params as Fields,
      frame: () => this.#options.frames.of(visit),
    };
  }
}

/** Whether the form that a request is for takes a file. */
export function takesFiles({ routeOptions }: FastifyRequest): boolean {
  return (routeOptions.config as { readonly acceptsFile?: boolean }).acceptsFile === true;
}
