/** What came of a test event, as `POST /events/test` of a WebPOS gateway answers it. */
export interface TestEventResult {
  /** The `webhook-id` of the event. */
  uuid: string;
  /** Where it went: the callback URL of the POS. */
  url: string;
  /** The HTTP status of the endpoint's answer; null when there was none. */
  status: number | null;
  /** In milliseconds. */
  duration_ms: number;
  /** Why the event does not count as acknowledged; null when it does. */
  error: string | null;
  /** The start of the endpoint's answer; null when there was none. */
  output: string | null;
}
