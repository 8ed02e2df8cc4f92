/**
 * The pages behind the links in e-mails. They need no login: the link itself proves that somebody has read the e-mail. A GET changes
 * nothing, because mail programs and virus scanners open links by themselves.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { pickReader, renderNotificationLinkPage } from '@webpos/web';
import { isUuidV4, type SubscriptionId } from '../../../kernel/ids.ts';
import { confirmAddress, stopByLink } from '../../../services/notifications/manage-subscriptions.ts';
import { sendPage } from '../panel-reply.ts';
import type { NotificationPagesOptions } from './notification-routes.ts';

type Action = 'confirm' | 'stop';

export function notificationLinkRoutes(
  pages: FastifyInstance,
  visits: { readonly basePath: string },
  { notifications: context }: NotificationPagesOptions,
): void {
  const routes: readonly (readonly [Action, string, (params: Params) => Promise<boolean>])[] = [
    [
      'confirm',
      '/notifications/confirm/:subscription/:expires/:code',
      ({ subscription, expires, code }) => confirmAddress(context, subscription, { expiresAt: expires, code }),
    ],
    ['stop', '/notifications/stop/:subscription/:code', ({ subscription, code }) => stopByLink(context, subscription, code)],
  ];
  for (const [action, path, run] of routes) {
    pages.get(path, (request, reply) => show(request, reply, { basePath: visits.basePath, action, stage: 'ask' }));
    pages.post(path, async (request, reply) => {
      const params = request.params as Params;
      const isDone = isUuidV4(params.subscription) && (await run(params));
      return show(request, isDone ? reply : reply.code(404), {
        basePath: visits.basePath,
        action,
        stage: isDone ? 'done' : 'invalid',
      });
    });
  }
}

interface Params {
  readonly subscription: SubscriptionId;
  readonly expires: string;
  readonly code: string;
}

function show(
  request: FastifyRequest,
  reply: FastifyReply,
  view: { readonly basePath: string; readonly action: Action; readonly stage: 'ask' | 'done' | 'invalid' },
): Promise<FastifyReply> {
  const reader = pickReader(undefined, request.headers['accept-language']);
  // The code is in the path of this page.
  reply.header('referrer-policy', 'no-referrer');
  return sendPage(request, reply, renderNotificationLinkPage({ ...view, reader, path: request.url.replace(/\?.*$/, '') }));
}
