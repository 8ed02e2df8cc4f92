/** Every command of `webpos`, in the order of `webpos --help`. */
import { accountCreate } from './account/account-create.ts';
import { accountDelete } from './account/account-delete.ts';
import { accountExport } from './account/account-export.ts';
import { accountList } from './account/account-list.ts';
import { accountSeal } from './account/account-seal.ts';
import { accountSkip } from './account/account-skip.ts';
import { callbackEndpoints } from './callback/callback-endpoints.ts';
import { callbackList } from './callback/callback-list.ts';
import { callbackRedeliver } from './callback/callback-redeliver.ts';
import { callbackShow } from './callback/callback-show.ts';
import { callbackTest } from './callback/callback-test.ts';
import type { Command } from './command.ts';
import { auditList } from './audit/audit-list.ts';
import { auditVerify } from './audit/audit-verify.ts';
import { backup } from './gateway/backup.ts';
import { chainRestartAt } from './gateway/chain-restart-at.ts';
import { doctor } from './gateway/doctor.ts';
import { keyRenew } from './gateway/key-renew.ts';
import { listen } from './gateway/listen.ts';
import { panelClose, panelLogin, panelRevoke, panelToken } from './gateway/panel.ts';
import { rates } from './gateway/rates.ts';
import { restore } from './gateway/restore.ts';
import { serve } from './gateway/serve.ts';
import { version } from './gateway/version.ts';
import { merchantCreate } from './merchant/merchant-create.ts';
import { merchantList } from './merchant/merchant-list.ts';
import { merchantUpdate } from './merchant/merchant-update.ts';
import { notificationList } from './notification/notification-list.ts';
import { notificationTest } from './notification/notification-test.ts';
import { linkCreate } from './link/link-create.ts';
import { linkList } from './link/link-list.ts';
import { linkDisable, linkEnable, linkUpdate } from './link/link-update.ts';
import { orderRefuse, orderSettle } from './order/order-decide.ts';
import { forget } from './order/forget.ts';
import { orderList } from './order/order-list.ts';
import { orderNote } from './order/order-note.ts';
import { orderShow } from './order/order-show.ts';
import { paymentAcknowledge } from './payment/payment-acknowledge.ts';
import { paymentUnassigned } from './payment/payment-unassigned.ts';
import { exportReport } from './report/export.ts';
import { totalsOfReport } from './report/report-totals.ts';
import { posBind } from './pos/pos-bind.ts';
import { posCreate } from './pos/pos-create.ts';
import { posDelete } from './pos/pos-delete.ts';
import { posDisable, posEnable } from './pos/pos-enable.ts';
import { posList } from './pos/pos-list.ts';
import { posRotateSecret } from './pos/pos-rotate-secret.ts';
import { posUpdate } from './pos/pos-update.ts';
import { userCreate } from './user/user-create.ts';
import { userDisable, userEnable, userInvite, userReset } from './user/user-change.ts';
import { userList } from './user/user-list.ts';
import { refundApprove } from './refund/refund-approve.ts';
import { refundCancel } from './refund/refund-cancel.ts';
import { refundLink } from './refund/refund-link.ts';
import { refundList } from './refund/refund-list.ts';
import { refundPsbt } from './refund/refund-psbt.ts';
import { refundRequest } from './refund/refund-request.ts';
import { refundShow } from './refund/refund-show.ts';

const ALL: readonly Command[] = [
  serve,
  doctor,
  accountCreate,
  accountList,
  accountExport,
  accountSkip,
  accountSeal,
  accountDelete,
  merchantCreate,
  merchantUpdate,
  merchantList,
  posCreate,
  posUpdate,
  posBind,
  posList,
  posRotateSecret,
  posDisable,
  posEnable,
  posDelete,
  linkCreate,
  linkList,
  linkUpdate,
  linkDisable,
  linkEnable,
  orderList,
  orderShow,
  orderNote,
  orderSettle,
  orderRefuse,
  forget,
  exportReport,
  totalsOfReport,
  refundList,
  refundShow,
  refundRequest,
  refundApprove,
  refundCancel,
  refundLink,
  refundPsbt,
  paymentUnassigned,
  paymentAcknowledge,
  listen,
  callbackList,
  callbackShow,
  callbackEndpoints,
  callbackTest,
  callbackRedeliver,
  userCreate,
  userList,
  userInvite,
  userDisable,
  userEnable,
  userReset,
  auditVerify,
  auditList,
  notificationList,
  notificationTest,
  panelLogin,
  panelToken,
  panelRevoke,
  panelClose,
  backup,
  restore,
  keyRenew,
  chainRestartAt,
  rates,
  version,
];

/** All commands by name, such as `pos create`. */
export const COMMANDS: ReadonlyMap<string, Command> = new Map(ALL.map((command) => [command.name, command]));
