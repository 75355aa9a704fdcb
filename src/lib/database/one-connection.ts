import pg from 'pg'

/** Works on a connection of its own, beside the pools: for commands, and for looking at a server before it is used. */
export async function onOneConnection<T>(
  url: string,
  work: (client: pg.Client) => Promise<T>,
  { applicationName = 'cairn-command' }: { applicationName?: string } = {},
): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: applicationName })
  // A connection that is lost fails its query, and would otherwise also end the process.
  client.on('error', () => {})
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** @param name of a table in the schema `cairn`; any role may ask */
export async function hasTable(connection: pg.Pool | pg.ClientBase, name: string): Promise<boolean> {
  const { rowCount } = await connection.query(
    `select from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'cairn' and c.relname = $1`,
    [name],
  )
  return rowCount === 1
}
