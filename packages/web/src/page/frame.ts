/** What a page in a frame knows about the page around it, for `assets/framed.js`. */
export interface Frame {
  paymentId: string;
  /** The only origins that learn the state of the order. */
  origins: readonly string[];
  /** The texts of the shop's page around the frame, in the buyer's language. */
  words: Readonly<Record<'title' | 'close' | 'question' | 'explanation' | 'stay' | 'leave' | 'lang' | 'dir', string>>;
}
