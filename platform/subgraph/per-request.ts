/**
 * Creates something once per request, when it is first needed. Modules use it for their DataLoaders, so that the
 * context of a subgraph need not know the modules.
 *
 * @param create is called with the context of the request
 */
export function perRequest<Context extends object, Value>(
  create: (context: Context) => Value,
): (context: Context) => Value {
  const values = new WeakMap<Context, { value: Value }>()
  return (context) => {
    const known = values.get(context) ?? { value: create(context) }
    values.set(context, known)
    return known.value
  }
}
