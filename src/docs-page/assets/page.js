// The reference, with the token of whoever signed in above it. The token is kept in memory only.
const form = document.getElementById('sign-in')
const who = document.getElementById('who')

function configuration(token) {
  return {
    url: '/openapi.json',
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

let reference = Scalar.createApiReference('#reference', configuration())

function show(token) {
  reference.destroy?.()
  document.getElementById('reference').replaceChildren()
  reference = Scalar.createApiReference('#reference', configuration(token))
}

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
