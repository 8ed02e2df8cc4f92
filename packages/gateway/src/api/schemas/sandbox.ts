/** The sandbox's test endpoints. */
import { Type, type TObject } from 'typebox';
import { CALLBACK_EVENTS, type Callback, type CallbackList, type PaymentUpdateObject } from '@webpos/sdk/wire';
import { words } from '../../http/openapi/values.ts';
import { exactly, type WireSchema } from '../../http/openapi/wire-schema.ts';

const CallbackSchema: WireSchema<Callback> = exactly<Callback>()(
  Type.Object({ name: words(CALLBACK_EVENTS) }, { $id: 'Callback', description: 'An event that can be triggered now.' }),
);

export const CallbackListSchema: WireSchema<CallbackList> = exactly<CallbackList>()(
  Type.Object(
    { callbacks: Type.Array(CallbackSchema) },
    {
      $id: 'CallbackList',
      description: 'The events that can follow from the present state of the order.',
      additionalProperties: false,
    },
  ),
);

export const EmptySchema: TObject = Type.Object(
  {},
  { $id: 'Empty', description: 'An empty object.', additionalProperties: false },
);

export const PaymentUpdateSchema: WireSchema<PaymentUpdateObject> = exactly<PaymentUpdateObject>()(
  Type.Object({ callback: words(CALLBACK_EVENTS) }, { $id: 'PaymentUpdateObject', description: 'The event to trigger.' }),
);
