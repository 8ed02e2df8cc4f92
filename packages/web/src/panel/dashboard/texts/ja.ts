import type { DashboardText } from './en.ts';

export const ja: Readonly<Record<DashboardText, string>> = {
  start: 'スタート',
  attention: '要対応',
  all_well: '対応が必要なものはありません',
  orders_need: '対応が必要な注文 {n}件',
  unassigned: '注文のない支払い {n}件',
  endpoints_fail: '失敗が続いている送信先 {n}件',
  sales: '売上',
  sales_more: '支払い済みの注文から、ネットワークが取り消した注文を引いたものです。日付はUTCです。',
  counting: '過去30日間のイベントを集計しています。しばらくしてから再読み込みしてください。',
  no_sales: '過去30日間に売上はありません。',
  today: '今日',
  days_30: '過去30日間',
  paid_orders: '支払い済みの注文 {n}件',
  health: 'ゲートウェイ',
  node: 'ビットコインノード',
  node_ready: '最新です',
  node_trouble: '問題があります',
  block: 'ブロック {height}',
  rate_in: '1 BTC（{currency}）',
  no_rate: 'レートなし',
};
