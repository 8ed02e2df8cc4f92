/**
 * Lets PostgreSQL itself record who leads, independently of what the gateways believe: the process that begins each term of the lease, and
 * for every transaction that moves the chain or a payment, its process and the one that leads at the commit. The processes are known by
 * the `application_name` of their connections.
 */
import type { PostgresServer } from '../../../../test/support/postgres-server.ts';

/** A takeover. */
export interface TermBegin {
  readonly term: number;
  readonly by: string;
}

/** A transaction in the role of the leader. */
export interface LeaderWrite {
  readonly by: string;
  readonly term: number;
  readonly leader: string | null;
}

/** Written by the leader alone, except what a cancelled order has counted of its payments. */
const LED_TABLES = ['chain_blocks', 'payments', 'unassigned_payments'];

const TABLES = `
  create table cluster_terms (id bigserial primary key, term bigint not null, by text not null);
  create table cluster_writes (by text not null, term bigint not null, leader text);
  create function cluster_note_term() returns trigger language plpgsql as $$
    begin
      if new.term is distinct from old.term and new.term > 0 then
        insert into cluster_terms (term, by) values (new.term, current_setting('application_name'));
      end if;
      return null;
    end $$;
  create function cluster_note_write() returns trigger language plpgsql as $$
    begin
      insert into cluster_writes
        select current_setting('application_name'), l.term, (select by from cluster_terms order by id desc limit 1)
        from leases l where l.name = 'chain';
      return null;
    end $$;`;

/** Call it when the tables exist. */
export async function logTerms(server: PostgresServer): Promise<void> {
  await server.query(TABLES);
  const [lease] = await server.query(`select 1 from pg_class where relname = 'leases'`);
  if (lease === undefined) return;
  await server.query(
    'create trigger cluster_note_term after insert or update on leases for each row execute function cluster_note_term()',
  );
  for (const table of LED_TABLES)
    // Deferred: it runs at the commit, after everything that the transaction waited for.
    await server.query(
      `create constraint trigger cluster_note_write after insert or delete${table === 'chain_blocks' ? '' : ' or update of place'} on ${table} deferrable initially deferred
        for each row execute function cluster_note_write()`,
    );
}
