/** Settings by name, as PostgreSQL's configuration file takes them. */
export type ServerSettings = Record<string, string>

/** What every embedded server gets. */
const common: ServerSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  password_encryption: 'scram-sha-256',
  shared_buffers: '128MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // Statements and parameters carry clients' data, and the server's log is not where that belongs.
  log_statement: 'none',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
}

const durable: ServerSettings = {
  max_connections: '100',
  // So that `npm run backup` can begin to archive without a restart. Until then nothing is archived or kept.
  archive_mode: 'on',
  archive_command: 'exit 0',
}

/** A server for one test run: a crash loses everything, and that is fine. */
export const disposableSettings: ServerSettings = {
  max_connections: '300',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  checkpoint_timeout: '1h',
}

/** The text of the configuration file that is written at every start. */
export function configurationFile(options: {
  durable: boolean
  port: number
  extra: ServerSettings
}): string {
  const settings = {
    ...common,
    ...(options.durable ? durable : disposableSettings),
    ...options.extra,
    port: String(options.port),
  }
  const lines = Object.entries(settings).map(([name, value]) => `${checkedName(name)} = ${quoted(value)}`)
  return `# Written by Cairn at every start: changes made here are lost.\n${lines.join('\n')}\n`
}

function checkedName(name: string): string {
  if (!/^[a-z_][a-z0-9_.]*$/i.test(name)) throw new TypeError(`Not a PostgreSQL setting: ${name}`)
  return name
}

function quoted(value: string): string {
  if (/[\r\n\0]/.test(value)) throw new TypeError('A PostgreSQL setting is one line.')
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
}
