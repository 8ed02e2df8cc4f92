import { describe, expect, it } from 'vitest';
import { findPostgresPrograms, startPostgresCluster } from './postgres-cluster.ts';

const programs = findPostgresPrograms('postgres-cluster.test.ts');

// skip: PostgreSQL's programs are missing; the finder says why, and fails where CI is set
describe.skipIf(programs === undefined)('a PostgreSQL primary with a replica', () => {
  it('loses at a failover only what a detached replica has not received', async () => {
    await using cluster = await startPostgresCluster(programs ?? '');
    const { primary, replica } = cluster;
    await primary.query('create table numbers (n int)');
    await primary.query('insert into numbers values (1)');
    await replica.caughtUp(primary);
    await expect(replica.query('insert into numbers values (0)')).rejects.toMatchObject({ code: '25006' });
    await replica.detach();
    await primary.query('insert into numbers values (2)');
    await primary.kill();
    expect(primary.isRunning).toBe(false);
    await replica.promote();
    expect(await replica.query('insert into numbers values (3) returning n')).toEqual([{ n: 3 }]);
    expect(await replica.query('select n from numbers order by n')).toEqual([{ n: 1 }, { n: 3 }]);
    // The former primary has recovered what it had committed, and then follows the new one.
    await primary.start();
    expect(await primary.query('select n from numbers order by n')).toEqual([{ n: 1 }, { n: 2 }]);
    await primary.follow(replica);
    expect(await primary.query('select n from numbers order by n')).toEqual([{ n: 1 }, { n: 3 }]);
  });

  it('can be paused, restarted, delayed and attached again', async () => {
    await using cluster = await startPostgresCluster(programs ?? '');
    const { primary, replica } = cluster;
    primary.pause();
    const answered = primary.query('create table numbers (n int)').then(
      () => 'answered',
      () => 'no answer',
    );
    expect(await answered).toBe('no answer');
    primary.resume();
    await primary.query('create table numbers (n int)');
    await primary.restart();
    await replica.attach(primary);
    await replica.caughtUp(primary);
    expect(await replica.query('select * from numbers')).toEqual([]);
    await replica.delay(600_000);
    await primary.query('insert into numbers values (1)');
    expect(await replica.query('select * from numbers')).toEqual([]);
    await replica.delay(0);
    await replica.caughtUp(primary);
    expect(await replica.query('select * from numbers')).toEqual([{ n: 1 }]);
  });
});
