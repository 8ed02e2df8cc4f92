/**
 * Settings in the panel's API: points of sale, merchants, and the rates of their orders. Which wallet a POS is paid to is chosen when it is
 * created, by a token that allows what is dangerous, and cannot be changed afterwards: a token that was found must not redirect payments.
 */
import { ContractError, validationError } from '../../../contract/contract-error.ts';
import { FieldReader } from '../../../http/field-reader.ts';
import { isoDate } from '../../../kernel/clock.ts';
import { isUuidV4, type PosId } from '../../../kernel/ids.ts';
import { parseLogo } from '../../../merchants/logo-image.ts';
import { EMPTY_DETAILS, type Merchant, type MerchantDetails } from '../../../merchants/merchant.ts';
import type { Pos } from '../../../merchants/pos.ts';
import { seesPos, type Viewer } from '../../../people/viewer.ts';
import { switchPosAs } from '../../../services/merchants/change-pos.ts';
import { changeMerchant } from '../../../services/merchants/change-merchant.ts';
import { changeTerms } from '../../../services/merchants/change-terms.ts';
import { createMerchant } from '../../../services/merchants/create-merchant.ts';
import { createPosAs } from '../../../services/merchants/create-pos.ts';
import { merchantJson } from '../../../services/merchants/settings/merchant-json.ts';
import { MERCHANT_SETTINGS } from '../../../services/merchants/settings/merchant-settings.ts';
import { newPosOf } from '../../../services/merchants/settings/new-pos.ts';
import { posTermsJson } from '../../../services/merchants/settings/pos-json.ts';
import { POS_SETTINGS, type PosChange } from '../../../services/merchants/settings/pos-settings.ts';
import { jsonNameOf, readSettings, textOfJson, type Settings } from '../../../services/merchants/settings/setting.ts';
import type { ApiEndpoint, ApiRequest, PanelRouter } from '../panel-router.ts';
import { requireAllPos } from '../scope.ts';
import type { SettingsOptions } from './settings-options.ts';
import type * as Schemas from './settings-schemas.ts';
import { visibleMerchants } from './settings-view.ts';

const schemas = (): Promise<typeof Schemas> => import('./settings-schemas.ts');

const { account: _, ...CHANGEABLE } = POS_SETTINGS;

export function settingsApiRoutes(panel: PanelRouter, options: SettingsOptions): void {
  const endpoint = (
    permission: ApiEndpoint['permission'],
    name: keyof typeof Schemas,
    handle: ApiEndpoint['handle'],
  ): ApiEndpoint => ({ permission, schema: async () => (await schemas())[name], handle });
  panel.api('/pos', {
    GET: endpoint('settings.read', 'listPos', async ({ viewer }) => ({
      pos: (await visiblePos(options, viewer)).map(posTermsJson),
    })),
    POST: {
      ...endpoint('secrets.manage', 'createPos', async (request, reply) => reply.code(201).send(await create(options, request))),
      reauthenticate: true,
    },
  });
  panel.api('/pos/:pos', {
    GET: endpoint('settings.read', 'getPos', async (request) => posTermsJson(await posOf(options, request))),
    PATCH: endpoint('settings.manage', 'changePos', (request) => change(options, request)),
  });
  for (const [path, active] of [
    ['disable', false],
    ['enable', true],
  ] as const)
    panel.api(`/pos/:pos/${path}`, {
      POST: {
        ...endpoint('secrets.manage', `${path}Pos`, async (request) => {
          const { id } = await posOf(options, request);
          return posTermsJson(await switchPosAs(options.context, request.viewer.actor, id, active));
        }),
        reauthenticate: true,
      },
    });
  panel.api('/rates', {
    GET: endpoint('settings.read', 'listRates', async ({ viewer }) => ({
      rates: (await visiblePos(options, viewer)).map((pos) => rateJson(options, pos)),
    })),
  });
  panel.api('/merchants', {
    GET: endpoint('settings.read', 'listMerchants', async ({ viewer }) => ({
      merchants: (await visibleMerchants(options.context.store, viewer)).map(merchantJson),
    })),
    POST: endpoint('settings.manage', 'createMerchant', async (request, reply) =>
      reply.code(201).send(await createOneMerchant(options, request)),
    ),
  });
  panel.api('/merchants/:merchant', {
    GET: endpoint('settings.read', 'getMerchant', async ({ viewer, params }) =>
      merchantJson(await merchantOf(options, viewer, params['merchant'])),
    ),
    PATCH: endpoint('settings.manage', 'changeMerchant', (request) => changeOneMerchant(options, request)),
  });
}

async function change({ context, limits }: SettingsOptions, request: ApiRequest): Promise<unknown> {
  const pos = await posOf({ context }, request);
  const { body, viewer } = request;
  if ((body as { account?: unknown } | undefined)?.account !== undefined)
    throw validationError({ account: ['cannot be changed here: use webpos pos bind'] });
  const { terms = {}, look } = readPos(CHANGEABLE, body, limits);
  await requireMerchant(context, viewer, terms);
  return posTermsJson(await changeTerms(context, viewer.actor, pos.id, terms, look));
}

async function create({ context, limits }: SettingsOptions, { body, viewer }: ApiRequest): Promise<unknown> {
  requireAllPos(viewer);
  const given = readPos(POS_SETTINGS, body, limits);
  const input = newPosOf(given, (name, value) => {
    if (value === undefined) throw validationError({ [name]: ['is required'] });
    return value;
  });
  await requireMerchant(context, viewer, given.terms ?? {});
  const account = await context.store.accounts.get(input.accountId);
  if (account?.network !== context.network)
    throw validationError({ account: [`no account with id ${input.accountId} on the network ${context.network}`] });
  const { pos, secret, webhookSecret } = await createPosAs(context, viewer.actor, input);
  return { ...posTermsJson(pos), secret, webhook_secret: webhookSecret };
}

/** @throws ContractError 0001 with the fields that are wrong. */
function readPos(settings: typeof POS_SETTINGS, body: unknown, limits: SettingsOptions['limits']): PosChange {
  const read = new FieldReader(body);
  const given = readJson(settings, body, limits, read);
  const logo = read.isNull('logo') ? null : read.checked('logo', (base64) => parseLogo(Buffer.from(base64, 'base64')));
  read.throwIfWrong();
  return logo === undefined ? given : { ...given, look: { ...given.look, logo } };
}

/** Reads settings from a JSON object, and notes what is wrong in `read`. */
function readJson<Change extends object, Limits>(
  settings: Settings<never, Change, Limits>,
  body: unknown,
  limits: Limits,
  read: FieldReader,
): Change {
  const fields = typeof body === 'object' && body !== null ? (body as Readonly<Record<string, unknown>>) : {};
  return readSettings(
    settings,
    limits,
    (name, setting) => {
      const value = fields[jsonNameOf(name, setting)];
      return value === undefined ? undefined : textOfJson(setting, value);
    },
    (name, setting, expected) => read.wrong(jsonNameOf(name, setting), expected),
  );
}

async function requireMerchant(
  context: SettingsOptions['context'],
  viewer: Viewer,
  { merchantId }: NonNullable<PosChange['terms']>,
): Promise<void> {
  if (merchantId == null) return;
  const visible = await visibleMerchants(context.store, viewer);
  if (!visible.some(({ id }) => id === merchantId)) throw validationError({ merchant: [`no merchant with id ${merchantId}`] });
}

function rateJson({ context }: SettingsOptions, { id, currency, rates }: Pos): Readonly<Record<string, unknown>> {
  const price = context.rates.rate(currency, { ...rates, spreadBps: 0 });
  return {
    pos: id,
    currency,
    rate_provider: rates.provider,
    rate_spread_bps: rates.spreadBps,
    price: price?.value ?? null,
    rate: context.rates.rate(currency, rates)?.value ?? null,
    source: price?.source ?? null,
    at: price === undefined ? null : isoDate(price.at),
  };
}

async function createOneMerchant({ context }: SettingsOptions, { body, viewer }: ApiRequest): Promise<unknown> {
  requireAllPos(viewer);
  const read = new FieldReader(body);
  const details = readJson(MERCHANT_SETTINGS, body, undefined, read);
  const { name = read.missing('name') } = details;
  read.throwIfWrong();
  return merchantJson(await createMerchant(context, viewer.actor, { ...EMPTY_DETAILS, ...details, name: name ?? '' }));
}

async function changeOneMerchant({ context }: SettingsOptions, { body, viewer, params }: ApiRequest): Promise<unknown> {
  const { id } = await merchantOf({ context }, viewer, params['merchant']);
  const read = new FieldReader(body);
  const details: Partial<MerchantDetails> = readJson(MERCHANT_SETTINGS, body, undefined, read);
  read.throwIfWrong();
  return merchantJson(await changeMerchant(context, viewer.actor, id, details));
}

type Context = Pick<SettingsOptions, 'context'>;

async function visiblePos({ context }: Context, viewer: Viewer): Promise<readonly Pos[]> {
  return (await context.store.pos.list()).filter(({ id }) => seesPos(viewer, id));
}

/** @throws ContractError 3001 if it does not exist, or not for this viewer. */
async function posOf({ context }: Context, { viewer, params: { pos: id = '' } }: ApiRequest): Promise<Pos> {
  const pos = isUuidV4(id) && seesPos(viewer, id as PosId) ? await context.store.pos.get(id as PosId) : undefined;
  if (pos === undefined) throw new ContractError('3001', 'no such POS');
  return pos;
}

/** @throws ContractError 3001 if it does not exist, or not for this viewer. */
async function merchantOf({ context }: Context, viewer: Viewer, id: string | undefined): Promise<Merchant> {
  const merchant = (await visibleMerchants(context.store, viewer)).find((each) => each.id === id);
  if (merchant === undefined) throw new ContractError('3001', 'no such merchant');
  return merchant;
}
