/** The event feed and the test event. */
import { Type } from 'typebox';
import type { EventFeed } from '../../services/callbacks/read-events.ts';
import type { TestCallbackSummary } from '../../services/callbacks/send-test-callback.ts';
import { CallbackBodySchema } from './order.ts';
import { MAX_EVENTS, DEFAULT_EVENTS } from './limits.ts';
import { described, FilledText, nullable, Url, Uuid, WholeNumber } from '../../http/openapi/values.ts';
import { exactly, type WireSchema } from '../../http/openapi/wire-schema.ts';

/** The query of `GET /events`. */
interface EventsQuery {
  after?: string;
  limit?: number;
}

export const EventsQuerySchema: WireSchema<EventsQuery> = exactly<EventsQuery>()(
  Type.Object({
    after: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 40,
        description:
          'The `next` of a page or the `cursor` of an event. If missing, the feed starts with the first event that is stored. With `end`, the response has no events, and the cursor of the newest event as `next`.',
      }),
    ),
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: MAX_EVENTS,
        default: DEFAULT_EVENTS,
        description: 'Maximum number of events on the page.',
      }),
    ),
  }),
);

type FeedEvent = EventFeed['events'][number];

const FeedEventSchema: WireSchema<FeedEvent> = exactly<FeedEvent>()(
  Type.Object(
    {
      id: described(Uuid, 'The same id as in the `webhook-id` of its callback.'),
      cursor: described(FilledText, 'The value of `after` to continue after this event.'),
      callback: CallbackBodySchema,
    },
    {
      $id: 'FeedEvent',
      description: 'An event with the body of its callback, whether that was sent or not.',
      additionalProperties: false,
    },
  ),
);

export const EventFeedSchema: WireSchema<EventFeed> = exactly<EventFeed>()(
  Type.Object(
    {
      events: Type.Array(FeedEventSchema),
      next: described(
        FilledText,
        'The value of `after` for the next page. Store it: it stays valid. It is `end` only together with `has_more`, in the response to `after=end`.',
      ),
      has_more: Type.Boolean({ description: 'Whether there are more events now.' }),
    },
    { $id: 'EventFeed', description: 'Events of the POS in sequence, the oldest first.', additionalProperties: false },
  ),
);

export const TestEventSchema: WireSchema<TestCallbackSummary> = exactly<TestCallbackSummary>()(
  Type.Object(
    {
      uuid: described(Uuid, 'The `webhook-id` of the test event.'),
      url: described(Url, 'Its destination: the callback URL of the POS.'),
      status: nullable(Type.Integer(), 'The HTTP status of the response; null without a response.'),
      duration_ms: described(WholeNumber, 'The duration in milliseconds.'),
      error: nullable(Type.String(), 'Why it does not count as acknowledged; null if it does.'),
      response_excerpt: nullable(Type.String(), 'The beginning of the response.'),
    },
    { $id: 'TestEvent', description: 'The outcome of a test event.', additionalProperties: false },
  ),
);
