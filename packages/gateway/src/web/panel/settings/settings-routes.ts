/** The pages of settings: businesses, points of sale, their look, rates and callbacks. They call the services that the commands call. */
import { renderMerchantPage, renderPosPage, renderSettingsPage, type MerchantPageView } from '@webpos/web';
import { isUuidV4, type MerchantId, type PosId } from '../../../kernel/ids.ts';
import { parseLogo } from '../../../merchants/logo-image.ts';
import { EMPTY_DETAILS, type Merchant } from '../../../merchants/merchant.ts';
import { seesPos, type Viewer } from '../../../people/viewer.ts';
import type { StoreContext } from '../../../services/context.ts';
import { changeMerchant } from '../../../services/merchants/change-merchant.ts';
import { changeTerms } from '../../../services/merchants/change-terms.ts';
import { createMerchant } from '../../../services/merchants/create-merchant.ts';
import { NoCallbackUrlError, testCallbackSummary } from '../../../services/callbacks/send-test-callback.ts';
import type { Pos } from '../../../merchants/pos.ts';
import type { FormRequest, PageRequest, PanelRouter } from '../panel-router.ts';
import { posAccessRoutes } from './pos-access-routes.ts';
import { readPosForm } from './pos-form.ts';
import { posPageView, type PosPageState } from './pos-view.ts';
import { readMerchantForm } from './read-merchant-form.ts';
import type { SettingsOptions } from './settings-options.ts';
import { plain } from './typed-text.ts';
import { merchantFields, settingsView, visibleMerchants } from './settings-view.ts';

export function settingsRoutes(panel: PanelRouter, options: SettingsOptions): void {
  panel.page('/panel/settings', 'settings.read', async (page) => renderSettingsPage(await settingsView(options, page)));
  merchantRoutes(panel, options);
  posRoutes(panel, options);
  posAccessRoutes(panel, options);
  lookRoutes(panel, options);
}

function merchantRoutes(panel: PanelRouter, { context }: SettingsOptions): void {
  const view = async (page: PageRequest, given: Omit<MerchantPageView, keyof Awaited<ReturnType<PageRequest['frame']>>>) =>
    renderMerchantPage({ ...(await page.frame()), ...given });
  panel.page('/panel/settings/merchants/new', 'settings.manage', async (page) =>
    page.viewer.posIds === undefined
      ? view(page, { uuid: null, fields: merchantFields({ ...EMPTY_DETAILS, name: '' }), faults: [], isSaved: false })
      : undefined,
  );
  panel.page('/panel/settings/merchants/:merchant', 'settings.read', async (page) => {
    const merchant = await merchantOf(context, page.viewer, page.params['merchant']);
    const isSaved = page.query['note'] === 'saved';
    return merchant && view(page, { uuid: merchant.id, fields: merchantFields(merchant), faults: [], isSaved });
  });
  panel.form('/panel/settings/merchants/new', 'settings.manage', async (page) => {
    if (page.viewer.posIds !== undefined) return undefined;
    const { details, faults } = readMerchantForm(page.fields);
    if (faults.length > 0)
      return { status: 422, html: await view(page, { uuid: null, fields: plain(page.fields), faults, isSaved: false }) };
    const { id } = await createMerchant(context, page.viewer.actor, { ...details, name: details.name ?? '' });
    return `/panel/settings/merchants/${id}?note=saved`;
  });
  panel.form('/panel/settings/merchants/:merchant', 'settings.manage', async (page) => {
    const merchant = await merchantOf(context, page.viewer, page.params['merchant']);
    if (merchant === undefined) return undefined;
    const { details, faults } = readMerchantForm(page.fields);
    if (faults.length > 0)
      return { status: 422, html: await view(page, { uuid: merchant.id, fields: plain(page.fields), faults, isSaved: false }) };
    await changeMerchant(context, page.viewer.actor, merchant.id, details);
    return `/panel/settings/merchants/${merchant.id}?note=saved`;
  });
}

function posRoutes(panel: PanelRouter, options: SettingsOptions): void {
  const { context, limits } = options;
  panel.page('/panel/settings/pos/:pos', 'settings.read', async (page) => {
    const pos = await posOf(context, page.viewer, page.params['pos']);
    return pos && rendered(options, page, pos, { note: page.query['note'] === 'saved' ? { kind: 'saved' } : null });
  });
  panel.form('/panel/settings/pos/:pos', 'settings.manage', async (page) => {
    const pos = await posOf(context, page.viewer, page.params['pos']);
    if (pos === undefined) return undefined;
    const { terms = {}, look, faults } = readPosForm(page.fields, beforeOf(page), limits);
    const wrong = [...faults];
    if (terms.merchantId != null && (await merchantOf(context, page.viewer, terms.merchantId)) === undefined)
      wrong.push('merchant');
    const fields = plain(page.fields);
    if (wrong.length > 0) return { status: 422, html: await rendered(options, page, pos, { fields, faults: wrong }) };
    if (page.fields['preview'] === '1') return { html: await rendered(options, page, pos, { fields }) };
    await changeTerms(context, page.viewer.actor, pos.id, terms, look);
    return `/panel/settings/pos/${pos.id}?note=saved`;
  });
  panel.form('/panel/settings/pos/:pos/test', 'settings.manage', async (page) => {
    const pos = await posOf(context, page.viewer, page.params['pos']);
    return pos && { html: await rendered(options, page, pos, { note: await sendTest(options, pos) }) };
  });
}

function lookRoutes(panel: PanelRouter, options: SettingsOptions): void {
  const { context } = options;
  panel.form(
    '/panel/settings/pos/:pos/logo',
    'settings.manage',
    async (page) => {
      const pos = await posOf(context, page.viewer, page.params['pos']);
      if (pos === undefined) return undefined;
      const bytes = Buffer.from(page.fields['logo'] ?? '', 'latin1');
      try {
        const logo = page.fields['remove'] === '1' ? null : parseLogo(bytes);
        await changeTerms(context, page.viewer.actor, pos.id, {}, { logo });
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        return { status: 422, html: await rendered(options, page, pos, { faults: ['logo'] }) };
      }
      return `/panel/settings/pos/${pos.id}?note=saved`;
    },
    { acceptsFile: true },
  );
}

async function rendered(options: SettingsOptions, page: PageRequest, pos: Pos, state: Partial<PosPageState>): Promise<string> {
  return renderPosPage(await posPageView(options, page, pos, { fields: undefined, faults: [], note: null, ...state }));
}

async function sendTest({ sendTest: send }: SettingsOptions, pos: Pos): Promise<PosPageState['note']> {
  try {
    const { url, status, duration_ms: durationMs, error } = testCallbackSummary(await send(pos));
    return { kind: 'test', url, status, durationMs, error };
  } catch (error) {
    if (error instanceof NoCallbackUrlError) return { kind: 'no_url' };
    throw error;
  }
}

/** The fields as the person's page showed them first. */
function beforeOf({ fields }: FormRequest): Readonly<Record<string, string>> {
  try {
    return plain(JSON.parse(fields['before'] ?? '') as Record<string, unknown>);
  } catch {
    return {};
  }
}

async function posOf({ store }: Pick<StoreContext, 'store'>, viewer: Viewer, id = ''): Promise<Pos | undefined> {
  return isUuidV4(id) && seesPos(viewer, id as PosId) ? store.pos.get(id as PosId) : undefined;
}

async function merchantOf({ store }: Pick<StoreContext, 'store'>, viewer: Viewer, id = ''): Promise<Merchant | undefined> {
  return (await visibleMerchants(store, viewer)).find((merchant) => merchant.id === (id as MerchantId));
}
