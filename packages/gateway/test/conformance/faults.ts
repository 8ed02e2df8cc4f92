/** Faults that a gateway could have, each with the section that must find it and the expected finding. */
import type { Section } from './check-conformance.ts';
import type { Fault, FaultOfSection } from './fault.ts';
import { LOGIN_FAULTS, ORDERS_FAULTS, PROTOCOL_FAULTS } from './faults-of-answers.ts';
import { CALLBACKS_FAULTS, CHAIN_FAULTS, LIVES_FAULTS, SURROUNDINGS_FAULTS } from './faults-of-lives.ts';

export const FAULTS: readonly Fault[] = [
  ...of('login', LOGIN_FAULTS),
  ...of('protocol', PROTOCOL_FAULTS),
  ...of('orders', ORDERS_FAULTS),
  ...of('lives', LIVES_FAULTS),
  ...of('lives', CALLBACKS_FAULTS),
  ...of('chain', CHAIN_FAULTS),
  ...of('surroundings', SURROUNDINGS_FAULTS),
];

function of(section: Section, faults: readonly FaultOfSection[]): Fault[] {
  return faults.map((fault) => ({ ...fault, section }));
}
