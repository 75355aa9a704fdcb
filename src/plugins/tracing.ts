import type { SpanExporter } from '@opentelemetry/sdk-trace-node'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

/**
 * Traces of requests, sent to OTEL_EXPORTER_OTLP_ENDPOINT when it is set; else nothing of OpenTelemetry is
 * even loaded. A span names the route pattern, never the address that was asked for, and of an error its status,
 * never its message.
 */
export default fp(
  async (app: FastifyInstance) => {
    const endpoint = app.house.config.OTEL_EXPORTER_OTLP_ENDPOINT
    if (!endpoint) return
    const [
      { FastifyOtelInstrumentation },
      { NodeTracerProvider, BatchSpanProcessor },
      { OTLPTraceExporter },
      { resourceFromAttributes },
    ] = await Promise.all([
      import('@fastify/otel'),
      import('@opentelemetry/sdk-trace-node'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
    ])
    const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` })
    const provider = new NodeTracerProvider({
      resource: resourceFromAttributes({ 'service.name': 'cairn' }),
      spanProcessors: [new BatchSpanProcessor(withoutMessages(exporter))],
    })
    const instrumentation = new FastifyOtelInstrumentation({
      instrumentHooks: false,
      recordExceptions: false,
      requestHook: (span, request) => {
        span.setAttribute('url.path', request.routeOptions.url ?? 'unknown')
      },
    })
    instrumentation.setTracerProvider(provider)
    await app.register(instrumentation.plugin())
    app.addHook('onClose', () => provider.shutdown())
  },
  { name: 'tracing' },
)

/** The instrumentation copies an error's message into the status of its span; it may repeat what a person wrote. */
function withoutMessages(exporter: SpanExporter): SpanExporter {
  return {
    export: (spans, done) => {
      exporter.export(
        spans.map(span =>
          Object.create(span, { status: { value: { code: span.status.code }, enumerable: true } }),
        ),
        done,
      )
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  }
}
