import { OperatorError } from '../../kernel/operator-error.ts';
import { examine, type Finding } from '../../services/operator/examine.ts';
import type { Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';

const LEVELS: Readonly<Record<Finding['level'], string>> = { ok: 'ok     ', warning: 'WARNING', problem: 'PROBLEM' };

/** `webpos doctor`: checks everything that a gateway with these settings needs. */
export const doctor: Command = defineCommand({
  name: 'doctor',
  summary: 'Check everything that a gateway with these settings needs',
  usage: '',
  options: { smtp: { text: 'connect to the mail server and log in; nothing is sent' } },
  notes: ['Changes nothing. Exits with status 1 if there is a problem.'],
  example: '--smtp',
  run: async (world, config, options) => {
    const examined = await world.openExamined(config);
    const findings: Finding[] = [];
    try {
      for await (const finding of examine({ ...examined, connectsToMail: options.flag('smtp') })) {
        findings.push(finding);
        if (!options.json) world.out(`${LEVELS[finding.level]}  ${finding.what}: ${finding.says}`);
      }
    } finally {
      await examined.close();
    }
    const problems = findings.filter(({ level }) => level === 'problem');
    if (options.json) world.out(JSON.stringify({ healthy: problems.length === 0, findings }));
    if (problems.length > 0) throw new OperatorError(`doctor: found problems: ${problems.map(({ what }) => what).join(', ')}`);
  },
});
