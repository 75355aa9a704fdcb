import { connect } from 'node:net'

/** What came back on a connection of its own. */
export interface Exchange {
  text: string
  /** The status of each answer, in order. */
  statuses: number[]
  /** Whether the service ended the connection by itself. */
  closed: boolean
}

/** Sends these bytes and listens until the connection ends, or for so long. */
export function exchange(port: number, bytes: string | Buffer, patienceMs = 1_500): Promise<Exchange> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
    let text = ''
    const end = (closed: boolean) => {
      clearTimeout(timer)
      socket.destroy()
      const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))
      resolve({ text, statuses, closed })
    }
    const timer = setTimeout(() => end(false), patienceMs)
    socket.setEncoding('latin1').on('data', data => (text += data))
    socket.on('error', () => {})
    socket.once('close', () => end(true))
    socket.write(bytes)
  })
}

const lines = (...parts: string[]) => `${parts.join('\r\n')}\r\n\r\n`
const hidden = lines('GET /livez?smuggled HTTP/1.1', 'Host: api.example')
const post = 'POST /v1/sessions HTTP/1.1'
const host = 'Host: api.example'
const json = 'Content-Type: application/json'

/** Requests that two parsers may cut at different places. Each is refused, and the connection ended. */
export const ambiguous: Readonly<Record<string, string>> = {
  'a length and chunks': `${lines(post, host, json, 'Content-Length: 4', 'Transfer-Encoding: chunked')}0\r\n\r\n${hidden}`,
  'chunks and a length': `${lines(post, host, json, 'Transfer-Encoding: chunked', 'Content-Length: 4')}0\r\n\r\n${hidden}`,
  'two lengths that differ': `${lines(post, host, json, 'Content-Length: 2', 'Content-Length: 40')}{}${hidden}`,
  'two lengths that are the same': `${lines(post, host, json, 'Content-Length: 2', 'Content-Length: 2')}{}${hidden}`,
  'a list of lengths': `${lines(post, host, json, 'Content-Length: 2, 2')}{}${hidden}`,
  'a signed length': `${lines(post, host, json, 'Content-Length: +2')}{}${hidden}`,
  'a negative length': `${lines(post, host, json, 'Content-Length: -2')}{}${hidden}`,
  'a length in hexadecimal': `${lines(post, host, json, 'Content-Length: 0x2')}{}${hidden}`,
  'a length beyond all numbers': `${lines(post, host, json, `Content-Length: ${'9'.repeat(30)}`)}{}${hidden}`,
  'an unknown transfer coding': `${lines(post, host, json, 'Transfer-Encoding: xchunked')}0\r\n\r\n${hidden}`,
  'chunks that are not last': `${lines(post, host, json, 'Transfer-Encoding: chunked, identity')}0\r\n\r\n${hidden}`,
  'two transfer codings': `${lines(post, host, json, 'Transfer-Encoding: chunked', 'Transfer-Encoding: identity')}0\r\n\r\n${hidden}`,
  'a space before the colon': `${lines(post, host, json, 'Content-Length : 2')}{}${hidden}`,
  'a tab in the name': `${lines(post, host, json, 'Transfer-Encoding\t: chunked')}0\r\n\r\n${hidden}`,
  'a vertical tab before chunked': `${lines(post, host, json, 'Transfer-Encoding:\u000bchunked')}0\r\n\r\n${hidden}`,
  'line feeds alone': `GET /livez HTTP/1.1\nHost: api.example\n\n${hidden}`,
  'one header with a line feed alone': `GET /livez HTTP/1.1\r\nHost: api.example\nX-A: b\r\n\r\n${hidden}`,
  'a carriage return alone': `GET /livez HTTP/1.1\r\nHost: api.example\rX-A: b\r\n\r\n${hidden}`,
  'a folded header': `${lines('GET /livez HTTP/1.1', host, 'X-A: b', ' Content-Length: 30')}${hidden}`,
  'a chunk size that is none': `${lines(post, host, json, 'Transfer-Encoding: chunked')}zz\r\n{}\r\n0\r\n\r\n${hidden}`,
  'a chunk size beyond all numbers': `${lines(post, host, json, 'Transfer-Encoding: chunked')}${'f'.repeat(20)}\r\n{}\r\n0\r\n\r\n${hidden}`,
  'a signed chunk size': `${lines(post, host, json, 'Transfer-Encoding: chunked')}+2\r\n{}\r\n0\r\n\r\n${hidden}`,
  'chunks with line feeds alone': `${lines(post, host, json, 'Transfer-Encoding: chunked')}2\n{}\n0\n\n${hidden}`,
  'a chunk longer than it says': `${lines(post, host, json, 'Transfer-Encoding: chunked')}2\r\n{"a":1}\r\n0\r\n\r\n${hidden}`,
  'a chunk extension without end': `${lines(post, host, json, 'Transfer-Encoding: chunked')}2;${'a'.repeat(20_000)}\r\n{}\r\n0\r\n\r\n${hidden}`,
  'a chunk extension with a line feed': `${lines(post, host, json, 'Transfer-Encoding: chunked')}2;a=\n{}\r\n0\r\n\r\n${hidden}`,
  'NUL in a header': `${lines('GET /livez HTTP/1.1', host, 'X-A: a\0b')}${hidden}`,
  'a header without a name': `${lines('GET /livez HTTP/1.1', host, ': value')}${hidden}`,
  'a header without a colon': `${lines('GET /livez HTTP/1.1', host, 'nonsense')}${hidden}`,
  'no host': `${lines('GET /livez HTTP/1.1', 'X-A: b')}${hidden}`,
  'another protocol': `${lines('GET /livez HTTP/1.7', host)}${hidden}`,
  'the first line of HTTP/2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'the first bytes of TLS': '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003',
  'headers beyond their limit': lines('GET /livez HTTP/1.1', host, `X-A: ${'a'.repeat(20_000)}`),
  'a token of 64 KB': lines('GET /v1/me HTTP/1.1', host, `Authorization: Bearer ${'a'.repeat(65_536)}`),
  'a thousand headers': lines(
    'GET /livez HTTP/1.1',
    host,
    ...Array.from({ length: 3_000 }, (_, n) => `X-${n}: a`),
  ),
  'an address of 64 KB': lines(`GET /livez?${'a'.repeat(65_536)} HTTP/1.1`, host),
}
