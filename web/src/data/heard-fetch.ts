/**
 * Creates a `fetch` that calls `hear` for each part of an answer, as it arrives. Of a stream, urql only tells the events,
 * but not the heartbeats between them.
 */
export function heardFetch(fetch: typeof globalThis.fetch, hear: () => void): typeof globalThis.fetch {
  return async (input, init) => {
    const response = await fetch(input, init)
    hear()
    const heard = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(bytes, controller) {
        hear()
        controller.enqueue(bytes)
      },
    })
    return response.body ? new Response(response.body.pipeThrough(heard), response) : response
  }
}
