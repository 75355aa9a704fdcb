// The reference, with the token of whoever signed in above it. The token is kept in memory only.
const form = document.getElementById('sign-in')
const who = document.getElementById('who')

const methods = ['get', 'put', 'post', 'patch', 'delete']

/**
 * The contract, made ready for trying calls: filters of a list are left out until somebody ticks them (an example
 * cursor or id would be refused), and every operation starts with an Idempotency-Key of its own.
 */
async function contract() {
  const api = await (await fetch('/openapi.json')).json()
  const operations = Object.values(api.paths).flatMap(path => methods.flatMap(method => path[method] ?? []))
  for (const parameter of operations.flatMap(({ parameters }) => parameters ?? [])) {
    if (parameter.name === 'idempotency-key') parameter.example = crypto.randomUUID()
    if (parameter.in !== 'query' || parameter.required) continue
    parameter.examples = { example: { value: parameter.example, 'x-disabled': true } }
    delete parameter.example
  }
  return api
}

function configuration(content, token) {
  return {
    content,
    withDefaultFonts: false,
    telemetry: false,
    hideClientButton: true,
    showDeveloperTools: 'never',
    agent: { disabled: true },
    mcp: { disabled: true },
    persistAuth: false,
    authentication: {
      preferredSecurityScheme: 'bearer',
      securitySchemes: { bearer: { token: token ?? '' } },
    },
  }
}

// The reference keeps this much room at the top, for its own bars and for the places its links jump to.
new ResizeObserver(() => {
  const height = getComputedStyle(form).position === 'sticky' ? form.offsetHeight : 0
  document.documentElement.style.setProperty('--scalar-custom-header-height', `${height}px`)
}).observe(form)

let reference

async function show(token) {
  const content = await contract()
  reference?.destroy?.()
  document.getElementById('reference').replaceChildren()
  reference = Scalar.createApiReference('#reference', configuration(content, token))
}

show()

form.addEventListener('submit', async event => {
  event.preventDefault()
  const { email, password, totp } = Object.fromEntries(new FormData(form))
  const response = await fetch('/v1/sessions', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password, ...(totp ? { totp } : {}) }),
  })
  const answer = await response.json()
  who.className = response.ok && answer.accessToken ? '' : 'refused'
  who.textContent = answer.accessToken
    ? `Signed in as ${email}. Calls below are sent with this token for 10 minutes.`
    : (answer.detail ?? 'This account needs more than a password here; use the sessions calls below.')
  if (answer.accessToken) show(answer.accessToken)
})
