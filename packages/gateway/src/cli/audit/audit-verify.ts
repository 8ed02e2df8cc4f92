import { OperatorError } from '../../kernel/operator-error.ts';
import { verifyAuditLog, type AuditFault } from '../../services/audit/audit-log.ts';
import type { Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { withPeople } from '../support/with-people.ts';

/** `webpos audit verify`: verifies the hashes of the whole audit log. */
export const auditVerify: Command = defineCommand({
  name: 'audit verify',
  summary: 'Verify that no entry of the audit log was changed, removed or inserted',
  usage: '',
  options: {},
  notes: ['Exits with 1 if the log has a fault.'],
  example: '',
  run: async (world, config, options) => {
    const { entries, fault } = await withPeople(world, config, ({ store, keys }) => verifyAuditLog(store, keys.audit));
    if (options.json) world.out(JSON.stringify({ entries, fault: fault ?? null }));
    if (fault !== undefined)
      throw new OperatorError(`audit log: ${describeFault(fault)}; the ${entries} entries before it are intact`);
    if (!options.json) world.out(`The ${entries} entries of the audit log are intact.`);
  },
});

function describeFault({ kind, position }: AuditFault): string {
  switch (kind) {
    case 'changed':
      return `entry ${position} was changed`;
    case 'gap':
      return `entry ${position} was removed, or another one inserted`;
    case 'end':
      return `its last entries are missing, after entry ${position}`;
    case 'head':
      return `its end, entry ${position}, was not written with this key file`;
  }
}
