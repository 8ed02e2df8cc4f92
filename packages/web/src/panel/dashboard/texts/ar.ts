import type { DashboardText } from './en.ts';

export const ar: Readonly<Record<DashboardText, string>> = {
  start: 'البداية',
  attention: 'يحتاج إلى متابعة',
  all_well: 'لا شيء يحتاج إلى متابعة',
  orders_need: 'طلبات تحتاج إلى متابعة: {n}',
  unassigned: 'مدفوعات بلا طلب: {n}',
  endpoints_fail: 'وجهات يتكرر فشلها: {n}',
  sales: 'المبيعات',
  sales_more: 'الطلبات المدفوعة ناقص ما ألغته الشبكة. الأيام بالتوقيت العالمي المنسق.',
  counting: 'يجري عدّ أحداث آخر 30 يومًا. أعد تحميل هذه الصفحة بعد لحظات.',
  no_sales: 'لا مبيعات في آخر 30 يومًا.',
  today: 'اليوم',
  days_30: 'آخر 30 يومًا',
  paid_orders: 'الطلبات المدفوعة: {n}',
  health: 'البوابة',
  node: 'عقدة بيتكوين',
  node_ready: 'محدَّثة',
  node_trouble: 'مشكلة',
  block: 'الكتلة {height}',
  rate_in: '1 BTC بعملة {currency}',
  no_rate: 'لا يوجد سعر',
};
