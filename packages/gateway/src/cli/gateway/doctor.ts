import { OperatorError } from '../../kernel/operator-error.ts';
import { examine, type Finding } from '../../services/operator/examine.ts';
import type { Command } from '../command.ts';
import { readOptions } from '../support/options.ts';

const MARKS: Readonly<Record<Finding['level'], string>> = { ok: 'ok     ', warning: 'WARNING', problem: 'PROBLEM' };

/** `webpos doctor`: looks at all that a gateway with these settings needs, and ends with status 1 where something is wrong. */
export const doctor: Command = async (world, config, words) => {
  const options = readOptions(words, []);
  const examined = await world.openExamined(config);
  const findings: Finding[] = [];
  try {
    for await (const finding of examine(examined)) {
      findings.push(finding);
      if (!options.json) world.out(`${MARKS[finding.level]}  ${finding.what}: ${finding.says}`);
    }
  } finally {
    await examined.close();
  }
  const problems = findings.filter(({ level }) => level === 'problem');
  if (options.json) world.out(JSON.stringify({ healthy: problems.length === 0, findings }));
  if (problems.length > 0) throw new OperatorError(`doctor: something is wrong: ${problems.map(({ what }) => what).join(', ')}`);
};
