import type { FrameText } from './en.ts';

export const ja: Readonly<Record<FrameText, string>> = {
  log_out: 'ログアウト',
  navigation: 'パネルのメニュー',
  sandbox: 'サンドボックス',
  skip: '本文へ移動',
  nav_orders: '注文',
  nav_links: '支払いリンク',
  nav_callbacks: 'コールバック',
  nav_reports: 'レポート',
  nav_settings: '設定',
  broken_seals:
    '警告：送金先を決めるデータベースの行が正規のものではありません（{count}件）。これに関わる販売は停止しています。ゲートウェイのマシンで webpos doctor を実行してください。',
  nav_notifications: '通知',
  nav_people: 'ユーザー',
  nav_audit: '監査ログ',
  nav_refunds: '返金',
  missing: '見つかりません',
  missing_more: 'このページは存在しないか、表示する権限がありません。',
  refused: '許可されていません',
  refused_more: 'あなたの役割ではこの操作はできません。このゲートウェイのオーナーに確認してください。',
  to_start: '最初のページへ',
};
