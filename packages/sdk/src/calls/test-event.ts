/** The outcome of a test event, as `POST /events/test` of a WebPOS gateway returns it. */
export interface TestEventResult {
  /** The `webhook-id` of the event. */
  uuid: string;
  /** The callback URL of the POS, to which the event was sent. */
  url: string;
  /** The HTTP status of the endpoint's answer; null if there was none. */
  status: number | null;
  /** How long the attempt took, in milliseconds. */
  duration_ms: number;
  /** Why the event counts as not acknowledged; null if it was acknowledged. */
  error: string | null;
  /** The beginning of the endpoint's answer; null if there was none. */
  response_excerpt: string | null;
}
