import type { FrameText } from './en.ts';

export const ar: Readonly<Record<FrameText, string>> = {
  log_out: 'تسجيل الخروج',
  navigation: 'أقسام اللوحة',
  sandbox: 'بيئة تجريبية',
  skip: 'انتقل إلى المحتوى',
  nav_orders: 'الطلبات',
  nav_links: 'روابط الدفع',
  nav_callbacks: 'الإشعارات البرمجية',
  nav_reports: 'التقارير',
  nav_settings: 'الإعدادات',
  broken_seals:
    'إنذار: توجد صفوف في قاعدة البيانات تحدد وجهة الأموال وهي غير أصلية ({count}). لا يُباع ما يعتمد عليها. شغّل webpos doctor على جهاز البوابة.',
  nav_notifications: 'الإشعارات',
  nav_people: 'الأشخاص',
  nav_audit: 'سجل التدقيق',
  nav_refunds: 'عمليات الاسترداد',
  missing: 'غير موجود',
  missing_more: 'هذه الصفحة غير موجودة، أو لا يحق لك الاطلاع عليها.',
  refused: 'غير مسموح',
  refused_more: 'دورك لا يسمح بذلك. راجع أحد مالكي هذه البوابة.',
  to_start: 'إلى الصفحة الرئيسية',
};
