import { settingsSchema } from '../config.ts'

const between = /(<!-- settings -->\n)[\s\S]*(<!-- \/settings -->)/

/** The README with its table of settings made anew from the configuration's schema. */
export function withSettingsTable(readme: string): string {
  const rows = Object.entries(settingsSchema.properties).map(([name, schema]) => {
    const { default: value, description } = schema as { default?: unknown; description?: string }
    return `| \`${name}\` | ${value === '' || value === undefined ? '' : `\`${String(value)}\``} | ${description ?? ''} |`
  })
  const table = ['| setting | default | meaning |', '|---|---|---|', ...rows].join('\n')
  return readme.replace(
    between,
    `$1${table}\n\nSecrets may come from a file: \`NAME_FILE\` instead of \`NAME\`.\n$2`,
  )
}
