/** The pages of payment links, their forms, and the poster. */
import { renderLinkDetailsPage, renderLinkFormPage, renderLinkPosterPage, renderLinksPage, type LinkFormView } from '@webpos/web';
import type { PosId } from '../../../kernel/ids.ts';
import { isUuidV4 } from '../../../kernel/ids.ts';
import { seesPos } from '../../../people/viewer.ts';
import type { OrderReadContext } from '../../../services/context.ts';
import {
  createLink,
  LinkFaultsError,
  LinkMissingError,
  switchLink,
  updateLink,
  type LinkContext,
} from '../../../services/links/change-links.ts';
import type { FormRequest, FormResult, PageRequest, PanelRouter } from '../panel-router.ts';
import { detailsView, linkInScope, linksView, panelLinkOf, typedOf } from './link-views.ts';
import { inputOf } from './link-input.ts';

export interface LinkPanelOptions {
  readonly context: LinkContext & OrderReadContext;
}

const STALE = { staleTo: '/panel/links' } as const;

export function linkRoutes(panel: PanelRouter, { context }: LinkPanelOptions): void {
  panel.page('/panel/links', 'links.read', async (page) => renderLinksPage(await linksView(context, page)));
  panel.page('/panel/links/new', 'links.manage', async (page) =>
    renderLinkFormPage(await formView(context, page, { link: null, typed: {}, faults: {} })),
  );
  panel.form('/panel/links/new', 'links.manage', (page) => submitNew(context, page), STALE);
  panel.page('/panel/links/:link', 'links.read', async (page) => {
    const view = await detailsView(context, page);
    return view && renderLinkDetailsPage(view);
  });
  panel.page('/panel/links/:link/poster', 'links.read', async (page) => {
    const link = await linkInScope(context, page);
    return link && renderLinkPosterPage({ ...(await page.frame()), link: await panelLinkOf(context, link) });
  });
  panel.page('/panel/links/:link/edit', 'links.manage', async (page) => {
    const link = await linkInScope(context, page);
    if (link === undefined) return undefined;
    return renderLinkFormPage(
      await formView(context, page, {
        link: { uuid: link.id, title: link.title },
        typed: typedOf(link, page.visit.reader),
        faults: {},
      }),
    );
  });
  panel.form('/panel/links/:link/edit', 'links.manage', (page) => submitEdit(context, page), STALE);
  for (const [path, active] of [
    ['disable', false],
    ['enable', true],
  ] as const)
    panel.form(
      `/panel/links/:link/${path}`,
      'links.manage',
      async (page) => {
        const link = await linkInScope(context, page);
        if (link === undefined) return undefined;
        await switchLink(context, page.viewer.actor, link.id, active);
        return `/panel/links/${link.id}`;
      },
      STALE,
    );
}

type FormState = Pick<LinkFormView, 'link' | 'typed' | 'faults'>;

async function formView(context: LinkPanelOptions['context'], page: PageRequest, state: FormState): Promise<LinkFormView> {
  const shops = (await context.store.pos.list()).filter(({ id }) => seesPos(page.viewer, id));
  return { ...(await page.frame()), pos: shops.map(({ id, name, currency }) => ({ uuid: id, name, currency })), ...state };
}

async function submitNew(context: LinkPanelOptions['context'], page: FormRequest): Promise<FormResult | undefined> {
  const { viewer, fields } = page;
  const posId = (fields['pos'] ?? '') as PosId;
  if (!isUuidV4(posId) || !seesPos(viewer, posId)) return undefined;
  return submitted(context, page, null, () =>
    createLink(context, viewer.actor, { ...inputOf(fields, page.visit.reader), posId, name: fields['name'] }),
  );
}

async function submitEdit(context: LinkPanelOptions['context'], page: FormRequest): Promise<FormResult | undefined> {
  const link = await linkInScope(context, page);
  if (link === undefined) return undefined;
  return submitted(context, page, { uuid: link.id, title: link.title }, () =>
    updateLink(context, page.viewer.actor, link.id, inputOf(page.fields, page.visit.reader)),
  );
}

/** Returns the path of the link's page, or the form again with what is wrong beside its fields. */
async function submitted(
  context: LinkPanelOptions['context'],
  page: FormRequest,
  link: FormState['link'],
  change: () => Promise<{ readonly id: string }>,
): Promise<FormResult | undefined> {
  try {
    return `/panel/links/${(await change()).id}`;
  } catch (error) {
    if (error instanceof LinkMissingError) return undefined;
    if (!(error instanceof LinkFaultsError)) throw error;
    const view = await formView(context, page, { link, typed: page.fields, faults: error.faults });
    return { html: renderLinkFormPage(view), status: 422 };
  }
}
