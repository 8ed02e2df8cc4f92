/** The scripts that we watch. */
export interface ScriptSet {
  /** Whether the bytes from `start` to `end` may be one of them; hits are verified where it matters. */
  has(bytes: Uint8Array, start: number, end: number): boolean;
}
