import path from 'node:path'

/**
 * A plugin of graphql-codegen, used after `typescript-operations`. It writes one type that holds the data and the
 * variables of each operation by the name of its file; see `readOperations` in platform/subgraph/operations.ts.
 */
export function plugin(_schema, documents) {
  const entries = documents.map(({ location, document }) => {
    const [operation, ...others] = document.definitions
    if (operation?.kind !== 'OperationDefinition' || !operation.name || others.length > 0)
      throw new Error(`${location} must contain one operation with a name`)
    const kind = operation.operation === 'query' ? 'Query' : 'Mutation'
    const type = `${operation.name.value}${kind}`
    return `  '${path.basename(location, '.graphql')}': { data: ${type}; variables: ${type}Variables };`
  })
  return `/** The operations by the names of their files. */\nexport type Operations = {\n${entries.sort().join('\n')}\n};`
}
