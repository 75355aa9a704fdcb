import type { TestApp } from '../../test-app.ts'
import { asAdmin } from '../../test-server.ts'

/** What a refusal may leave behind, and why. */
const mayGrow: Readonly<Record<string, string>> = {
  audit_log: 'refused access is part of the audit trail',
  authentication_log: 'so is a failed sign-in',
  sign_in_attempts: 'failures are counted',
  practice_keys: 'the first key of a kind is made when it is first needed',
}

/** A digest of every table, but of those that a refusal may write to. */
export function untouchedDigest({ adminUrl }: Pick<TestApp, 'adminUrl'>): Promise<Record<string, string>> {
  return asAdmin(adminUrl, async admin => {
    const tables = await admin.query<{ name: string }>(
      `select relname as name from pg_class
       where relnamespace = 'cairn'::regnamespace and relkind in ('r', 'p') and not relispartition
         and relname <> all ($1) order by 1`,
      [Object.keys(mayGrow)],
    )
    const digests = tables.rows.map(
      ({ name }) =>
        `select '${name}' as name, count(*) || ' ' || coalesce(sum(hashtextextended(one::text, 0)), 0) as digest
         from cairn.${name} one`,
    )
    const { rows } = await admin.query<{ name: string; digest: string }>(digests.join(' union all '))
    return Object.fromEntries(rows.map(({ name, digest }) => [name, digest]))
  })
}
