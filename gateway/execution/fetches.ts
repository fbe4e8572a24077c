import type { FetchNode } from '@apollo/query-planner'
import {
  type FieldNode,
  type GraphQLSchema,
  isAbstractType,
  isObjectType,
  Kind,
  parse,
  type SelectionNode,
} from 'graphql'
import { pauses } from '../../platform/pauses.ts'
import type { GraphqlRequest } from '../../platform/subgraph/executor.ts'
import type { AskSubgraph, GatewayContext } from '../ask-subgraph.ts'
import { entityPlaces, type FetchError, subgraphError } from './fetch-errors.ts'
import { copyOf, mergeInto } from './merge.ts'
import { objectsAt, type Path, pathsAt } from './positions.ts'
import { compileRepresentation } from './representations.ts'
import { type Data, isIncluded, type Variables } from './result-shape.ts'

/** The state of one execution of a plan. */
export type Execution = {
  /** What the subgraphs have returned so far, merged. */
  data: Data
  errors: FetchError[]
  /** The variables as the client sent them. */
  given: Variables
  /** The variables with their defaults, coerced to their types. */
  variables: Variables
  context: GatewayContext
}

/** What the fetches of a plan need besides the plan. */
export type FetchDeps = {
  /** The schema of all subgraphs together, which also has types that clients may not know. */
  supergraph: GraphQLSchema
  ask: AskSubgraph
}

/** A compiled fetch. */
export type Fetch = {
  /** Asks the subgraph and merges its data. Rejects if the subgraph does not answer. */
  run(execution: Execution): Promise<void>
  /** The paths of the fields in the response whose data is missing if the fetch fails. Other requests run meanwhile. */
  places(execution: Execution): readonly Path[] | Promise<readonly Path[]>
}

/** Compiles a fetch of root fields. */
export function rootFetch({ ask }: FetchDeps, node: FetchNode, path: Path): Fetch {
  const fields = rootFields(node.operation)
  const places = ({ variables }: Execution) =>
    fields
      .filter((field) => isIncluded(field, variables))
      .map(({ alias, name }) => [...path, (alias ?? name).value])
  return {
    async run(execution) {
      const { data, errors, given, context } = execution
      const targets = objectsAt(data, path)
      if (targets.length === 0) return
      const result = await ask(node.serviceName, requestOf(node, given), context)
      for (const error of result.errors ?? []) {
        const all = () => (result.data ? [] : places(execution))
        errors.push(subgraphError(error, node.serviceName, error.path ? [[...path, ...error.path]] : all()))
      }
      if (result.data) for (const target of targets) mergeInto(target, result.data)
    },
    places,
  }
}

/** Compiles a fetch of more fields of entities. Equal representations are sent once. */
export function entityFetch({ ask, supergraph }: FetchDeps, node: FetchNode, path: Path): Fetch {
  const read = compileRepresentation(supergraph, node.requires ?? [])
  const { fields, isOn } = entityFields(supergraph, node.operation)
  const allPlaces = async ({ data, variables }: Execution) => {
    const entities = objectsAt(data, path)
    const names = new Map<string, string[]>()
    const namesOf = (type: string) => {
      const known = names.get(type)
      if (known) return known
      const missing = fields.filter((field) => isOn(field, type) && isIncluded(field, variables))
      const found = missing.map(({ alias, name }) => (alias ?? name).value)
      names.set(type, found)
      return found
    }
    const places: Path[] = []
    const pause = pauses()
    for (const [index, at] of pathsAt(data, path).entries()) {
      for (const name of namesOf(String(entities[index]?.__typename))) places.push([...at, name])
      await pause()
    }
    return places
  }
  return {
    async run(execution) {
      const { data, errors, given, context } = execution
      const entities = objectsAt(data, path)
      const { representations, owners } = distinct(entities.map(read))
      if (representations.length === 0) return
      const result = await ask(node.serviceName, requestOf(node, given, representations), context)
      if (result.errors) {
        const places = pathsAt(data, path)
        const placesOf = (index: number) => (owners[index] ?? []).map((owner) => places[owner] ?? path)
        const ofAllFields: FetchError[] = []
        for (const error of result.errors) {
          const at = entityPlaces(error, placesOf)
          const placed = subgraphError(error, node.serviceName, at ?? [])
          errors.push(placed)
          if (!at) ofAllFields.push(placed)
        }
        if (ofAllFields.length > 0) {
          await context.work.restAfterFailure()
          const all = await allPlaces(execution)
          for (const error of ofAllFields) error.places = all
        }
      }
      if (!result.data) return
      const found: unknown = result.data._entities
      if (!Array.isArray(found) || found.length !== representations.length)
        throw new Error(`${node.serviceName} did not return one entity for each representation`)
      for (const [index, entity] of found.entries()) {
        if (entity) giveTo(entities, owners[index] ?? [], entity)
      }
    },
    places: allPlaces,
  }
}

function giveTo(entities: readonly Data[], owners: readonly number[], found: Data): void {
  for (const [copy, owner] of owners.entries()) {
    const entity = entities[owner]
    // Each position needs objects of its own, because later fetches add to them.
    if (entity) mergeInto(entity, copy === 0 ? found : copyOf(found))
  }
}

/** Leaves out equal representations, and entities without one. `owners` holds the indexes of each one's entities. */
function distinct(given: readonly (Data | null)[]): { representations: Data[]; owners: number[][] } {
  const representations: Data[] = []
  const owners: number[][] = []
  const known = new Map<string, number[]>()
  for (const [index, representation] of given.entries()) {
    if (representation?.__typename === undefined) continue
    const key = JSON.stringify(representation)
    const same = known.get(key)
    if (same) {
      same.push(index)
      continue
    }
    const own = [index]
    known.set(key, own)
    representations.push(representation)
    owners.push(own)
  }
  return { representations, owners }
}

function requestOf(node: FetchNode, given: Variables, representations?: readonly Data[]): GraphqlRequest {
  const variables: Record<string, unknown> = representations ? { representations } : {}
  for (const name of node.variableUsages ?? []) {
    if (Object.hasOwn(given, name) && given[name] !== undefined) variables[name] = given[name]
  }
  return { query: node.operation, operationName: node.operationName, variables }
}

function rootFields(operation: string): FieldNode[] {
  return parse(operation, { noLocation: true })
    .definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
    .flatMap(({ selectionSet }) => selectionSet.selections)
    .filter(isField)
}

/** The fields that a fetch asks for each entity, and which of them an entity of a type has. */
function entityFields(supergraph: GraphQLSchema, operation: string) {
  const typeOf = new Map<FieldNode, string>()
  const ofType = (selections: readonly SelectionNode[], type: string) => {
    for (const selection of selections) {
      if (isField(selection)) typeOf.set(selection, type)
      else if (selection.kind === Kind.INLINE_FRAGMENT)
        ofType(selection.selectionSet.selections, selection.typeCondition?.name.value ?? type)
    }
  }
  for (const { selectionSet } of rootFields(operation)) ofType(selectionSet?.selections ?? [], '')
  return {
    fields: [...typeOf.keys()].filter(({ name }) => name.value !== '__typename'),
    isOn(field: FieldNode, type: string): boolean {
      const condition = typeOf.get(field) ?? ''
      if (condition === type) return true
      const [abstract, concrete] = [supergraph.getType(condition), supergraph.getType(type)]
      return isAbstractType(abstract) && isObjectType(concrete) && supergraph.isSubType(abstract, concrete)
    },
  }
}

const isField = (selection: SelectionNode): selection is FieldNode => selection.kind === Kind.FIELD
