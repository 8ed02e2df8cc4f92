/** The start page, and the summary of the API. */
import { renderDashboardPage, type DashboardView, type PanelFrame } from '@webpos/web';
import { isoDate } from '../../../kernel/clock.ts';
import { decimalsOf, type CurrencyCode } from '../../../orders/currency.ts';
import { seesPos, type Viewer } from '../../../people/viewer.ts';
import type { RateSource } from '../../../rates/source.ts';
import type { StoreContext } from '../../../services/context.ts';
import { countOrdersNeedingAttention, countUnassigned } from '../../../services/orders/count-attention.ts';
import { SalesSummary, type PosSales, type Sales } from '../../../services/orders/sales-summary.ts';
import type { PanelRouter } from '../panel-router.ts';
import type * as Schemas from './dashboard-schemas.ts';

export interface DashboardOptions {
  readonly context: StoreContext & { readonly rates: RateSource };
  readonly readiness: () => Promise<NodeHealth>;
}

interface NodeHealth {
  readonly ready: boolean;
  readonly chain: { readonly height: number | null; readonly trouble: string | null };
}

const BTC_DECIMALS = 8;
/** A gateway has few currencies; each is a line. */
const MAX_RATES = 10;

/** The library of schemas is loaded with them. */
const schemas = (): Promise<typeof Schemas> => import('./dashboard-schemas.ts');

export function dashboardRoutes(panel: PanelRouter, options: DashboardOptions): void {
  const { context } = options;
  const summary = new SalesSummary(context);
  panel.page('/panel', 'orders.read', async ({ viewer, frame }) =>
    renderDashboardPage({ ...(await frame()), ...(await dashboardView(options, summary, viewer)) }),
  );
  panel.api('/summary', {
    GET: {
      permission: 'orders.read',
      schema: async () => (await schemas()).readSummary,
      handle: async ({ viewer }) => {
        const { sales, isComplete } = await summary.report();
        const attention = await countOrdersNeedingAttention(context, viewer);
        return {
          is_complete: isComplete,
          sales: sales
            .filter(({ posId }) => seesPos(viewer, posId))
            .map(({ posId: pos, currency, timeZone, today, period }) => ({
              pos,
              currency,
              time_zone: timeZone,
              today: salesJson(today, currency),
              last_30_days: viewer.onlyToday ? null : salesJson(period, currency),
            })),
          orders_needing_attention: attention.count,
          more_need_attention: attention.hasMore,
        };
      },
    },
  });
}

type OwnView = Omit<DashboardView, keyof PanelFrame>;

async function dashboardView({ context, readiness }: DashboardOptions, summary: SalesSummary, viewer: Viewer): Promise<OwnView> {
  const { store } = context;
  const shops = (await store.pos.list()).filter(({ id }) => seesPos(viewer, id));
  const names = new Map(shops.map(({ id, name }) => [id, name]));
  const { sales, isComplete } = await summary.report();
  const currencies = [...new Set(shops.filter(({ active }) => active).map(({ currency }) => currency))].slice(0, MAX_RATES);
  return {
    sales: sales.filter(({ posId }) => names.has(posId)).map((one) => salesView(one, names.get(one.posId) ?? '', viewer)),
    isComplete,
    attention: await countOrdersNeedingAttention(context, viewer),
    unassigned: viewer.posIds === undefined ? await countUnassigned(context) : null,
    health: viewer.permissions.has('settings.read') ? await healthView(context, readiness, viewer, currencies) : null,
  };
}

async function healthView(
  { store, rates }: DashboardOptions['context'],
  readiness: DashboardOptions['readiness'],
  viewer: Viewer,
  currencies: readonly CurrencyCode[],
): Promise<DashboardView['health']> {
  const { ready, chain } = await readiness();
  const failing = (await store.endpoints.failing()).filter(({ posId }) => seesPos(viewer, posId));
  return {
    node: { isReady: ready, height: chain.height, trouble: chain.trouble },
    rates: currencies.map((currency) => {
      const rate = rates.rate(currency);
      return { currency, value: rate?.value ?? null, at: rate === undefined ? null : isoDate(rate.at) };
    }),
    failingEndpoints: failing.length,
  };
}

function salesView(
  { currency, timeZone, today, period }: PosSales,
  posName: string,
  viewer: Viewer,
): DashboardView['sales'][number] {
  const view = (sales: Sales): DashboardView['sales'][number]['today'] => ({
    orders: sales.orders,
    fiat: decimal(sales.minorUnits, decimalsOf(currency)),
    bitcoin: decimal(sales.sats, BTC_DECIMALS),
  });
  return { posName, currency, timeZone, today: view(today), period: viewer.onlyToday ? null : view(period) };
}

function salesJson({ orders, minorUnits, sats }: Sales, currency: CurrencyCode): Readonly<Record<string, number | string>> {
  return { orders, amount: decimal(minorUnits, decimalsOf(currency)), btc_amount: Number(sats) };
}

/** A decimal string, which may be below 0: a chargeback counts on its own day. */
function decimal(units: bigint, decimals: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, '0');
  const [whole, fraction] = [digits.slice(0, digits.length - decimals), digits.slice(digits.length - decimals)];
  return `${units < 0n ? '-' : ''}${whole}${decimals === 0 ? '' : `.${fraction}`}`;
}
