/** A setting that is missing or wrong; the message names it and never repeats a secret's value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}
