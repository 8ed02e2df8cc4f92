/** What knows the scripts that we watch. */
export interface ScriptSet {
  /** Whether the bytes from `start` to `end` may be one of them; a hit is confirmed where it matters. */
  has(bytes: Uint8Array, start: number, end: number): boolean;
}
