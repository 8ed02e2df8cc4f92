import { hotQueryForEach, type RunForEach } from '../hot-query.ts';
import { attemptColumns, type LoggedAttempt } from './columns.ts';

export const logAttempts: RunForEach<LoggedAttempt> = hotQueryForEach<LoggedAttempt>()((db, _, rowOf) =>
  db.insertInto('callback_attempts').values(rowOf(attemptColumns)),
);
