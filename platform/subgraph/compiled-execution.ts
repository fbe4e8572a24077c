import {
  type DocumentNode,
  defaultFieldResolver,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  getNamedType,
  getOperationAST,
  getVariableValues,
  isIntrospectionType,
  isLeafType,
  isObjectType,
  Kind,
  OperationTypeNode,
  type TypeNode,
  type VariableDefinitionNode,
  valueFromASTUntyped,
  visit,
} from 'graphql'
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit'
import { LRUCache } from 'lru-cache'
import { cacheSize } from '../cache-size.ts'

/** Executes a validated document. */
export type Execute = (
  document: DocumentNode,
  operationName: string | undefined,
  variables: Record<string, unknown> | undefined,
  context: object,
) => Promise<ExecutionResult>

// Compiling takes about as long as ten executions, so only operations that come again are compiled.
const COMPILE_AFTER = 1
// Compiled code is many times as long as its document, and contains the document's literals. Measured with graphql-jit
// 0.8.9: { viewer { id } } takes 7 kB, and operations of clients take 48 to 160 bytes for each character.
const BYTES_EACH = 7_000
const BYTES_PER_CHARACTER = 100
// Enough for some hundred operations of each subgraph.
const MAX_BYTES = cacheSize(32 * 1024 ** 2)
// Operations of clients and of the gateway's plans have some thousand characters.
const MAX_CHARACTERS = 50_000

type Compiled = { query: CompiledQuery['query']; variableDefinitions: readonly VariableDefinitionNode[] }
type Known = { uses: number; compiled: Compiled | null }

/**
 * Creates a function that executes documents on one schema. graphql-jit compiles the queries that come repeatedly;
 * graphql-js executes everything else.
 *
 * @param compileAfter how often a query is executed by graphql-js before it is compiled
 */
export function createExecution(schema: GraphQLSchema, compileAfter = COMPILE_AFTER): Execute {
  resolveObjects(schema)
  const known = new LRUCache<DocumentNode, Map<string, Known>>({
    maxSize: MAX_BYTES,
    maxEntrySize: bytesOf(MAX_CHARACTERS),
    sizeCalculation: (operations, { loc }) =>
      bytesOf(loc ? loc.source.body.length : MAX_CHARACTERS + 1) * operations.size,
  })

  const compiledFor = (document: DocumentNode, operationName: string | undefined): Compiled | null => {
    const operations = known.get(document) ?? new Map<string, Known>()
    const name = operationName ?? ''
    const operation = operations.get(name) ?? { uses: 0, compiled: null }
    if (operation.uses === compileAfter) operation.compiled = compile(schema, document, operationName)
    operation.uses += 1
    // The cache measures only a new value, and an operation that the document does not have is not kept.
    if (!operations.has(name) && getOperationAST(document, operationName))
      known.set(document, new Map([...operations, [name, operation]]))
    return operation.compiled
  }

  return async (document, operationName, variables = {}, context) => {
    const compiled = compiledFor(document, operationName)
    if (!compiled) {
      return execute({ schema, document, operationName, variableValues: variables, contextValue: context })
    }
    const { errors } = getVariableValues(schema, compiled.variableDefinitions, variables)
    if (errors) return { errors }
    const result = await compiled.query({}, context, withDefaults(compiled.variableDefinitions, variables))
    return result.errors ? { ...result, errors: result.errors.map(asGraphqlError) } : result
  }
}

/**
 * Returns the variables with the default values of those that are missing, because graphql-jit does not apply those of
 * non-null types. It coerces all values itself, so these are as a client would send them. A variable may have the name
 * of a member of `Object.prototype`, which the result does not have.
 */
function withDefaults(
  definitions: readonly VariableDefinitionNode[],
  given: Record<string, unknown>,
): Record<string, unknown> {
  const values = Object.assign(Object.create(null), given)
  for (const { variable, defaultValue } of definitions) {
    const name = variable.name.value
    if (defaultValue && values[name] === undefined) values[name] = valueFromASTUntyped(defaultValue)
  }
  return values
}

function bytesOf(characters: number): number {
  return BYTES_EACH + BYTES_PER_CHARACTER * characters
}

/** @returns null if the operation is not one that is compiled */
function compile(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | undefined,
): Compiled | null {
  const operation = getOperationAST(document, operationName)
  if (operation?.operation !== OperationTypeNode.QUERY) return null
  const { variableDefinitions = [] } = operation
  // graphql-jit does not apply the default values of fields of input objects.
  if (!variableDefinitions.every(({ type }) => isLeafType(schema.getType(typeName(type))))) return null
  if (!isSupported(document)) return null
  const compiled = compileQuery(schema, document, operationName, { disablingCapturingStackErrors: true })
  return isCompiledQuery(compiled) ? { query: compiled.query, variableDefinitions } : null
}

function isSupported(document: DocumentNode): boolean {
  let isSupported = true
  let hasFragments = false
  let hasConditions = false
  visit(document, {
    FragmentSpread() {
      hasFragments = true
    },
    Directive({ name }) {
      if (name.value === 'skip' || name.value === 'include') hasConditions = true
    },
    // Such a key would set the prototype of a compiled object.
    Field({ alias }) {
      if (alias?.value === '__proto__') isSupported = false
    },
    // graphql-jit ignores variables within the literals of custom scalars.
    Variable(_node, _key, _parent, _path, ancestors) {
      if (ancestors.some((node) => 'kind' in node && IN_LITERALS.has(node.kind))) isSupported = false
    },
  })
  // graphql-jit merges the conditions of all places where a fragment is spread, and leaves out fields that are asked for
  // (https://github.com/zalando-incubator/graphql-jit/issues/166). Its option for paths repairs only some of them.
  return isSupported && !(hasFragments && hasConditions)
}

const IN_LITERALS = new Set<string>([Kind.OBJECT, Kind.OBJECT_FIELD, Kind.LIST])

function typeName(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : typeName(type.type)
}

// graphql-jit's errors have no `extensions` if there are none, and no `nodes`.
function asGraphqlError({ message, path, originalError, extensions }: GraphQLError): GraphQLError {
  return new GraphQLError(message, {
    ...(path && { path }),
    ...(originalError && { originalError }),
    extensions: extensions ?? {},
  })
}

/**
 * Gives all fields that hold objects a resolver. Compiled code reads a field without a resolver as a plain value, but an
 * object may also be a function or a promise. Leaf fields without a resolver have to be plain values.
 */
function resolveObjects(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || isIntrospectionType(type)) continue
    for (const field of Object.values(type.getFields())) {
      if (!isLeafType(getNamedType(field.type))) field.resolve ??= defaultFieldResolver
    }
  }
}
