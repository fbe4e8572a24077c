import { createAttachment } from '../attachment.ts'

const renewed = createAttachment<object, object>('renewed request')

/** Makes everything that `perRequest` has created for a request be created again when it is next needed. */
export function renewRequest(context: object): void {
  renewed.set(context, {})
}

/**
 * Creates something once per request, when it is first needed. Modules use it for their DataLoaders, so that the
 * context of a subgraph need not know the modules.
 *
 * @param create is called with the context of the request
 */
export function perRequest<Context extends object, Value>(
  create: (context: Context) => Value,
): (context: Context) => Value {
  const values = createAttachment<object, { value: Value }>('created once')
  return (context) => {
    const request = renewed.get(context) ?? context
    const known = values.get(request) ?? { value: create(context) }
    values.set(request, known)
    return known.value
  }
}
