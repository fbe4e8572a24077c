/** The attributes of a span. They never hold variables, texts or tokens. */
export type Attributes = Readonly<Record<string, string | number | boolean>>

/** An open span. */
export type Span = {
  readonly traceId: string
  /** The span as the W3C header `traceparent`, for the next service. */
  readonly traceparent: string
  rename(name: string): void
  set(attributes: Attributes): void
  /** Ends the span; with an error, as failed. */
  end(error?: unknown): void
}
