/**
 * Takes callbacks in a function of AWS Lambda, behind API Gateway or a function URL. Set WEBPOS_SECRET for the function.
 *
 *   npm install @webpos/sdk
 *   zip -r function.zip aws-lambda.mjs node_modules
 *   aws lambda create-function --handler aws-lambda.handler ...
 */
import process from 'node:process';
import { dropRepeats, lambdaCallbacks } from '@webpos/sdk/adapters';
import { CallbackHandler } from '@webpos/sdk/callbacks';

const { WEBPOS_SECRET = '' } = process.env;
const callbacks = new CallbackHandler({ secret: WEBPOS_SECRET });

// Functions run side by side and share no memory: give dropRepeats a store, such as redisStore of @webpos/sdk/cache.
export const handler = lambdaCallbacks(
  callbacks,
  dropRepeats(({ event, object }) => {
    console.log(`${event}: order ${object.reference ?? object.uuid} is ${object.state.status}`);
  }),
);
