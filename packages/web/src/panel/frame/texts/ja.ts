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
  leader: 'プロセス {name} が任期 {term} のリーダーです。',
  leader_none:
    '任期 {term} の終了後、ブロックチェーンを追跡しているプロセスはありません。次に稼働するプロセスがすぐに開始します。',
  leader_read: 'ブロックチェーンの最終読み取りは{time}です。',
  leader_reading: 'ブロックチェーンの先端までまだ読み取っていません。',
  leader_watches: 'other: {n}件のアドレスを監視しています。',
  skipped: 'ウォレット {account}、{at}、アドレス {from}～{to} をスキップしました。{reason}',
  skipped_one: 'ウォレット {account}、{at}、アドレス {from} をスキップしました。{reason}',
  skipped_older_database: 'データベースがマークファイルより古いためです。コピー後に割り当てたものは再び割り当てません。',
  skipped_failover: 'データベースがレプリカに切り替わり、注文が失われた可能性があります。',
  skipped_mark: '別のゲートウェイまたはデータベースが同じウォレットを使っています。',
  marks_missing:
    '{at}、このデータベースのマークファイルがありませんでした。データベースが古いコピーの場合、それ以降に割り当てたアドレスが再び割り当てられる可能性があります。{command} でスキップしてください。',
};
