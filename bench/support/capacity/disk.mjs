/** The bytes that the tables and indexes of a gateway's database take on the disk. */

/** The tables that grow with the orders. Each is listed with its indexes. */
const GROWING = ['orders', 'payments', 'callbacks', 'callback_attempts'];

/**
 * Reads the size of each table and index.
 *
 * @returns a map from the name, such as `orders: orders_of_pos`, to the bytes.
 */
export async function sizesOf(database) {
  const rows = await (database.kind === 'sqlite' ? sqliteSizes(database) : postgresSizes(database));
  return new Map(rows.map(({ owner, name, bytes }) => [nameOf(owner, name), Number(bytes)]));
}

/** Returns by how many bytes each table and index grew, the largest first. */
export function growth(before, after) {
  return [...after]
    .map(([name, bytes]) => ({ name, bytes: bytes - (before.get(name) ?? 0) }))
    .filter(({ bytes }) => bytes !== 0)
    .sort((a, b) => b.bytes - a.bytes);
}

export function sum(grown, isCounted = () => true) {
  return grown.filter(({ name }) => isCounted(name)).reduce((total, { bytes }) => total + bytes, 0);
}

function nameOf(owner, name) {
  if (owner === name) return owner;
  if (!GROWING.includes(owner)) return 'others';
  return `${owner}: ${name.replace(`sqlite_autoindex_${owner}_`, 'unique ').replace(`${owner}_`, '')}`;
}

/** SQLite's virtual table `dbstat` counts the pages of each, its free space included. */
async function sqliteSizes(database) {
  await database.exec('pragma wal_checkpoint(truncate)');
  return database.all(`select m.tbl_name as owner, m.name as name, d.pgsize as bytes
    from dbstat d join sqlite_master m on m.name = d.name where d.aggregate = true`);
}

async function postgresSizes(database) {
  return database.all(`select t.relname as owner, t.relname as name, pg_table_size(t.oid) as bytes
      from pg_class t where t.relkind = 'r' and t.relnamespace = 'public'::regnamespace
    union all
    select t.relname, i.relname, pg_relation_size(i.oid)
      from pg_index x join pg_class t on t.oid = x.indrelid join pg_class i on i.oid = x.indexrelid
      where t.relnamespace = 'public'::regnamespace`);
}
