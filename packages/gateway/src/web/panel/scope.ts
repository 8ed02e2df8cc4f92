/** Restricts what a viewer asks for to the POS that the viewer sees. */
import type { PosId } from '../../kernel/ids.ts';
import { seesPos, type Viewer } from '../../people/viewer.ts';
import { ContractError, validationError } from '../../contract/contract-error.ts';

/**
 * Returns the POS to filter by; undefined for all.
 *
 * @throws ContractError 3001 if the viewer does not see the POS, 0001 if the viewer sees some POS only and names none.
 */
export function posInScope(viewer: Viewer, posId: PosId | undefined): PosId | undefined {
  if (posId !== undefined && !seesPos(viewer, posId)) throw new ContractError('3001', 'no such POS');
  if (posId === undefined && viewer.posIds !== undefined)
    throw validationError({ pos: ['must be one of the POS that this token may see'] });
  return posId;
}

/**
 * For what concerns every POS, such as who may use the panel.
 *
 * @throws ContractError 1012 if the viewer sees some POS only.
 */
export function requireAllPos({ posIds }: Viewer): void {
  if (posIds !== undefined) throw new ContractError('1012', 'this token sees some POS only, and this concerns all of them');
}
