/** Orders below this are refused: outputs so small are not relayed, and cost more to spend than they are worth. */
import { sats, type Sats } from '../kernel/sats.ts';

/** The least an order may ask for, in satoshi; above the dust limit of every kind of output that we give out. */
export const LEAST_ORDER: Sats = sats(600n);
