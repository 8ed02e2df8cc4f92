/** Payment links in the panel's API. */
import { isoDate } from '../../../kernel/clock.ts';
import type { LinkId, OrderId, PosId } from '../../../kernel/ids.ts';
import type { PaymentLink } from '../../../links/payment-link.ts';
import type { LinkInput } from '../../../links/read-terms.ts';
import { formatFiatAmount } from '../../../orders/fiat.ts';
import { seesPos } from '../../../people/viewer.ts';
import { ContractError, validationError } from '../../../contract/contract-error.ts';
import { FieldReader } from '../../../http/field-reader.ts';
import {
  createLink,
  LINK_FAULTS,
  LinkFaultsError,
  LinkMissingError,
  switchLink,
  updateLink,
} from '../../../services/links/change-links.ts';
import { currentInput, linkJson, type LinkJson } from '../../../services/links/link-json.ts';
import { listLinkOrders, listLinks, placesOf } from '../../../services/links/read-links.ts';
import type { ApiRequest, PanelRouter } from '../panel-router.ts';
import { linkInScope, posIdsOf } from './link-views.ts';
import type { LinkPanelOptions } from './link-routes.ts';
import type * as Schemas from './link-schemas.ts';

type Context = LinkPanelOptions['context'];

/** The library of schemas is loaded with them. */
const schemas = (): Promise<typeof Schemas> => import('./link-schemas.ts');

const DEFAULT_PAGE_SIZE = 25;
const MAX_PAGE_SIZE = 100;

export function linkApiRoutes(panel: PanelRouter, { context }: LinkPanelOptions): void {
  panel.api('/links', {
    GET: {
      permission: 'links.read',
      schema: async () => (await schemas()).listLinks,
      handle: (request) => list(context, request),
    },
    POST: {
      permission: 'links.manage',
      schema: async () => (await schemas()).createLink,
      handle: async (request, reply) => {
        const link = await create(context, request);
        reply.code(201);
        return link;
      },
    },
  });
  panel.api('/links/:link', {
    GET: {
      permission: 'links.read',
      schema: async () => (await schemas()).showLink,
      handle: async (request) => shown(context, await linkOf(context, request)),
    },
    PATCH: {
      permission: 'links.manage',
      schema: async () => (await schemas()).updateLink,
      handle: (request) => update(context, request),
    },
  });
  panel.api('/links/:link/orders', {
    GET: {
      permission: 'links.read',
      schema: async () => (await schemas()).listLinkOrders,
      handle: (request) => listOrders(context, request),
    },
  });
}

async function list(context: Context, { query, viewer }: ApiRequest): Promise<unknown> {
  const read = new FieldReader(query);
  const posId = read.uuid<PosId>('pos');
  const page = { before: read.uuid<LinkId>('before'), limit: read.integer('limit', DEFAULT_PAGE_SIZE, 1, MAX_PAGE_SIZE) };
  read.throwIfWrong();
  if (posId !== undefined && !seesPos(viewer, posId)) throw new ContractError('3001', 'no such POS');
  const { links, next } = await listLinks(context, { ...page, posIds: posId === undefined ? posIdsOf(viewer) : [posId] });
  return { links: links.map(({ link, places }) => linkJson(link, context.publicUrl, places)), next: next ?? null };
}

async function create(context: Context, { body, viewer }: ApiRequest): Promise<LinkJson> {
  const read = new FieldReader(body);
  const posId = read.uuid<PosId>('pos');
  if (posId === undefined) read.wrong('pos', 'must be the UUID of a POS');
  read.throwIfWrong();
  if (posId === undefined || !seesPos(viewer, posId)) throw new ContractError('3001', 'no such POS');
  const input = { ...inputOf(body, {}), posId, name: textOf(body, 'name') };
  return shown(context, await asContractErrors(() => createLink(context, viewer.actor, input)));
}

async function update(context: Context, request: ApiRequest): Promise<LinkJson> {
  const link = await linkOf(context, request);
  const { body, viewer } = request;
  const { active } = (body ?? {}) as { readonly active?: unknown };
  if (active !== undefined && typeof active !== 'boolean') throw validationError({ active: ['must be true or false'] });
  const changed = await asContractErrors(() => updateLink(context, viewer.actor, link.id, inputOf(body, currentInput(link))));
  return shown(context, active === undefined ? changed : await switchLink(context, viewer.actor, link.id, active));
}

async function listOrders(context: Context, request: ApiRequest): Promise<unknown> {
  const link = await linkOf(context, request);
  const read = new FieldReader(request.query);
  const page = { before: read.uuid<OrderId>('before'), limit: read.integer('limit', DEFAULT_PAGE_SIZE, 1, MAX_PAGE_SIZE) };
  read.throwIfWrong();
  const { orders, next } = await listLinkOrders(context, link.id, page);
  return {
    orders: orders.map(({ terms, state }) => ({
      uuid: terms.id,
      status: state.status,
      amount: formatFiatAmount(terms.fiat),
      currency: terms.fiat.currency,
      details: terms.details,
      created_at: isoDate(terms.createdAt),
    })),
    next: next ?? null,
  };
}

/** @throws ContractError 3001 if the link in the path does not exist, or not for this viewer. */
async function linkOf(context: Context, request: ApiRequest): Promise<PaymentLink> {
  const link = await linkInScope(context, request);
  if (link === undefined) throw new ContractError('3001', 'no such link');
  return link;
}

async function shown(context: Context, link: PaymentLink): Promise<LinkJson> {
  return linkJson(link, context.publicUrl, await placesOf(context, link));
}

/** @throws ContractError 0001 for a field of another type. */
function inputOf(body: unknown, current: LinkInput): LinkInput {
  const { takes_note: takesNote } = (body ?? {}) as { readonly takes_note?: unknown };
  if (takesNote !== undefined && typeof takesNote !== 'boolean') throw validationError({ takes_note: ['must be true or false'] });
  return {
    title: textOf(body, 'title', current.title),
    description: textOf(body, 'description', current.description),
    amount: textOf(body, 'amount', current.amount),
    min_amount: textOf(body, 'min_amount', current.min_amount),
    max_amount: textOf(body, 'max_amount', current.max_amount),
    quantity: textOf(body, 'quantity', current.quantity),
    expires_at: textOf(body, 'expires_at', current.expires_at),
    takes_note: takesNote ?? current.takes_note,
  };
}

/** A string, or a whole number as one. Null is empty; a field that is left out keeps its value. */
function textOf(body: unknown, field: string, current?: string): string | undefined {
  const value = ((body ?? {}) as Readonly<Record<string, unknown>>)[field];
  if (value === undefined) return current;
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number' && Number.isInteger(value) && field === 'quantity') return String(value);
  throw validationError({ [field]: [field === 'quantity' ? 'must be a whole number' : 'must be a string'] });
}

/** Translates the service's errors into errors of the contract. */
async function asContractErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof LinkMissingError) throw new ContractError('3001', 'no such link', { cause: error });
    if (!(error instanceof LinkFaultsError)) throw error;
    throw validationError(
      Object.fromEntries(Object.entries(error.faults).map(([field, fault]) => [field, [LINK_FAULTS[fault]]])),
    );
  }
}
