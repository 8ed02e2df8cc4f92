/**
 * Takes callbacks in NestJS, on its Express platform; with TypeScript the decorators take the place of the lines at the end.
 *
 *   npm install @webpos/sdk @nestjs/core @nestjs/common @nestjs/platform-express reflect-metadata rxjs
 *   WEBPOS_SECRET=... node nestjs.mjs
 */
import 'reflect-metadata';
import process from 'node:process';
import { Controller, Module, Post, Req, Res } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { dropRepeats, nestCallbacks } from '@webpos/sdk/adapters';
import { CallbackHandler } from '@webpos/sdk/callbacks';

const { WEBPOS_SECRET = '', PORT = '8081' } = process.env;
const callbacks = new CallbackHandler({ secret: WEBPOS_SECRET });

class CallbackController {
  #take = nestCallbacks(
    callbacks,
    dropRepeats(({ event, object }) => {
      console.log(`${event}: order ${object.reference ?? object.uuid} is ${object.state.status}`);
    }),
  );

  take(request, response) {
    return this.#take(request, response);
  }
}

// oxlint-disable-next-line no-extraneous-class -- NestJS's modules are classes
class AppModule {}

// @Controller('callback') above the class, @Post() above the method, @Req() and @Res() before its parameters.
const { prototype } = CallbackController;
Controller('callback')(CallbackController);
Post()(prototype, 'take', Object.getOwnPropertyDescriptor(prototype, 'take'));
Req()(prototype, 'take', 0);
Res()(prototype, 'take', 1);
Module({ controllers: [CallbackController] })(AppModule);

// rawBody: true keeps the bytes that the signature covers.
const app = await NestFactory.create(AppModule, { rawBody: true });
await app.listen(Number(PORT));
console.log(`Callbacks are taken at http://localhost:${PORT}/callback`);
