/**
 * What most bodies of callbacks have in common, by version. A body is compressed against the newest text and stores its version, so
 * that older bodies stay readable. A text never changes once bodies were stored with it: add one with the next version instead.
 *
 * The text ends with the most frequent body, because references to the end of a text are the shortest.
 */
export const BODY_DICTIONARIES: ReadonlyMap<number, Buffer> = new Map([[1, Buffer.from(versionOne())]]);

export const NEWEST_DICTIONARY = 1;

function versionOne(): string {
  const others = [
    'partialmempool_unconfirmedmempool_network_disputepossible_chargebackcancelled\\u0022\\u005c\\u003c',
    '"currency":{"uuid":"6978491a-ea6c-4b06-afa1-fe7fe6911935","name":"CHF","type":"fiat"},"rate":{"source":"fixed","value":"',
    '"currency":{"uuid":"0431e35a-8ee4-454c-b231-9eca63c827b7","name":"GBP","type":"fiat"},"rate":{"source":"coingecko","value":"',
    '"currency":{"uuid":"7a0e5540-62e4-4ae8-b2e8-a67cfadb0f45","name":"USD","type":"fiat"},"rate":{"source":"mempool.space","value":"',
    '"address":"tb1q","uri":"bitcoin:tb1q","address":"bcrt1q","uri":"bitcoin:bcrt1q',
    '{"event":"payment.transaction.changed","created_at":"2027-',
    '{"event":"payment.chargeback","created_at":"2027-"status":"chargeback","blockchain_status":"chargeback",',
    '{"event":"payment.dispute.end","created_at":"2027-{"event":"payment.dispute.start","created_at":"2027-',
    '"status":"network_dispute","blockchain_status":"network_dispute",',
    '{"event":"payment.overpaid","created_at":"2027-',
    '"status":"confirmed","blockchain_status":"confirmed","created_at":"2027-',
    '"status":"unconfirmed","blockchain_status":"unconfirmed","created_at":"2027-',
    '"status":"reverted","blockchain_status":"reverted","created_at":"2027-',
    '{"event":"payment.cancelled","created_at":"2027-"status":"cancelled","blockchain_status":"cancelled",',
    '{"event":"payment.expired","created_at":"2027-"status":"expired","blockchain_status":"expired",',
    '"state":{"status":"expired","blockchain_status":"expired","paid":{"crypto":0,"fiat":"0.00"},"in_confirmation":{"crypto":0,"fiat":"0.00"},"unpaid":{"crypto":',
    '"transactions":[],"required_confirmations":1,"created_at":"',
    '"resolved_at":null,"dispute_start_date":"2027-","chargeback_date":"2027-","reference":null,"details":null,"redirect_url":"https://',
    '","type":"mobile","active":false,',
  ];
  const completed = [
    '{"event":"payment.completed","created_at":"2026-12-01T12:00:00.000Z","object_type":"payment_order",',
    '"object":{"uuid":"019e0000-0000-4000-8000-","address":"bc1q","uri":"bitcoin:bc1q?amount=0.00&label=","amount":"10.00","btc_amount":1,',
    '"currency":{"uuid":"08625bdc-f6e0-4442-9b43-73b276f7a2f1","name":"EUR","type":"fiat"},',
    '"rate":{"source":"median:bitfinex,bitstamp,coinbase,kraken","value":"60000","created_at":"2026-12-01T12:00:00.000Z","from":"BTC","to":"EUR"},',
    '"state":{"status":"paid","blockchain_status":"paid","paid":{"crypto":1,"fiat":"10.00"},',
    '"in_confirmation":{"crypto":0,"fiat":"0.00"},"unpaid":{"crypto":0,"fiat":"0.00"}},',
    '"transactions":[{"txid":"","normalized_txid":"","status":"confirmed","blockchain_status":"confirmed",',
    '"created_at":"2026-12-01T12:00:00.000Z","outs":[{"n":0,"amount":1}],"outs_sum":1}],',
    '"required_confirmations":1,"created_at":"2026-12-01T12:00:00.000Z",',
    '"created_by":{"uuid":"","name":"","type":"web","active":true,"deposit_account":{"uuid":"","name":"","type":"bitcoin"}},',
    '"expiration_time":"2026-12-01T12:15:00.000Z","expires_in":0,"resolved_at":"2026-12-01T12:00:00.000Z",',
    '"dispute_start_date":null,"chargeback_date":null,"reference":"order-","details":"","redirect_url":"https://pay./checkout/019e0000-0000-4000-8000-",',
    '"callback_url":"https://shop./callback","continue_url":"https://shop./thanks","cancel_url":"https://shop./checkout"}}',
  ];
  return [...others, ...completed].join('');
}
