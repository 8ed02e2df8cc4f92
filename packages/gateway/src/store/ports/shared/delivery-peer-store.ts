/** The processes that deliver the callbacks of this database. */
export interface DeliveryPeerStore {
  /** Records that a process delivers, and returns all that have done so within some time, sorted. */
  announce(claimant: string, withinMs: number): Promise<readonly string[]>;
  /** Records that a process delivers no more. */
  withdraw(claimant: string): Promise<void>;
}
