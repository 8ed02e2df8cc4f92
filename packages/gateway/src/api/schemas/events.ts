/** The feed of events. */
import { Type } from 'typebox';
import type { EventFeed } from '../../services/callbacks/read-events.ts';
import type { TestCallbackSummary } from '../../services/callbacks/send-test-callback.ts';
import { CallbackBodySchema } from './order.ts';
import { MAX_EVENTS, DEFAULT_EVENTS } from './limits.ts';
import { described, FilledText, nullable, Url, Uuid, WholeNumber } from './values.ts';
import { exactly, type WireSchema } from './wire-schema.ts';

/** What a client may put into the query. */
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
          'The `next` of a page, or the `cursor` of an event; left out, from the first event on; `end`: no events, and in `next` the cursor of the newest.',
      }),
    ),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: MAX_EVENTS, default: DEFAULT_EVENTS, description: 'Events on a page.' }),
    ),
  }),
);

type FeedEvent = EventFeed['events'][number];

const FeedEventSchema: WireSchema<FeedEvent> = exactly<FeedEvent>()(
  Type.Object(
    {
      id: described(Uuid, 'The same as the `webhook-id` of its callback.'),
      cursor: described(FilledText, 'The `after` of what comes behind this event.'),
      callback: CallbackBodySchema,
    },
    { $id: 'FeedEvent', description: 'An event, as its callback reported it or would have.', additionalProperties: false },
  ),
);

export const EventFeedSchema: WireSchema<EventFeed> = exactly<EventFeed>()(
  Type.Object(
    {
      events: Type.Array(FeedEventSchema),
      next: described(
        FilledText,
        'The `after` of the next page. Keep it: it never changes its meaning. `end` only together with `has_more`, in the answer to `after=end`.',
      ),
      has_more: Type.Boolean({ description: 'Whether there is more to read now.' }),
    },
    { $id: 'EventFeed', description: 'Events of the POS in their order, the oldest first.', additionalProperties: false },
  ),
);

export const TestEventSchema: WireSchema<TestCallbackSummary> = exactly<TestCallbackSummary>()(
  Type.Object(
    {
      uuid: described(Uuid, 'The `webhook-id` of the test event.'),
      url: described(Url, 'Where it went: the callback URL of the POS.'),
      status: nullable(Type.Integer(), 'The HTTP status of the answer; null when there was none.'),
      duration_ms: described(WholeNumber, 'How long it took, in milliseconds.'),
      error: nullable(Type.String(), 'Why it does not count as received; null when it does.'),
      response_excerpt: nullable(Type.String(), 'The start of the answer.'),
    },
    { $id: 'TestEvent', description: 'What came of a test event.', additionalProperties: false },
  ),
);
