import { readFileSync } from 'node:fs'
import { ApolloGateway, type GatewayConfig } from '@apollo/gateway'
import { ApolloServer } from '@apollo/server'
import { readOperation } from './read-operation.ts'

type PlanCallback = NonNullable<GatewayConfig['experimental_didResolveQueryPlan']>
type Plan = Parameters<PlanCallback>[0]['queryPlan']
type DataSource = ReturnType<NonNullable<GatewayConfig['buildService']>>
type PlanNode = NonNullable<Plan['node']>

const file = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8')

// The test only looks at the plan, so no service has to answer.
const nobody: DataSource = {
  process: async () => ({ data: {} }) as Awaited<ReturnType<DataSource['process']>>,
}

/** Returns the gateway's plan for an operation, from the composed supergraph alone. */
async function planOf(query: string, variables: Record<string, unknown>): Promise<Plan> {
  const plans: Plan[] = []
  const gateway = new ApolloGateway({
    supergraphSdl: async () => ({ supergraphSdl: file('supergraph.graphql') }),
    buildService: () => nobody,
    experimental_didResolveQueryPlan: ({ queryPlan }) => void plans.push(queryPlan),
  })
  const server = new ApolloServer({ gateway, stopOnTerminationSignals: false })
  await server.start()
  await server.executeOperation({ query, variables })
  await server.stop()
  const [plan] = plans
  if (!plan) throw new Error('the gateway made no plan')
  return plan
}

/** Returns the services that are queried in each step. The services of one step are queried in parallel. */
function stepsOf(node: PlanNode): string[][] {
  switch (node.kind) {
    case 'Fetch':
      return [[node.serviceName]]
    case 'Flatten':
      return stepsOf(node.node)
    case 'Sequence':
      return node.nodes.flatMap(stepsOf)
    case 'Parallel': {
      const branches = node.nodes.map(stepsOf)
      const length = Math.max(...branches.map((steps) => steps.length))
      const servicesAt = (step: number) => new Set(branches.flatMap((steps) => steps[step] ?? []))
      return Array.from({ length }, (_, step) => [...servicesAt(step)].sort())
    }
    default:
      throw new Error(`a plan with ${node.kind} is not expected`)
  }
}

it("the friend's single query takes three steps, the last of which asks two services at once", async () => {
  const plan = await planOf(readOperation('friend-moblog'), { handle: 'mei' })
  expect(plan.node && stepsOf(plan.node)).toEqual([['communication'], ['blog'], ['communication', 'storage']])
})

it('the home feed takes two steps, the last of which asks two services at once', async () => {
  const plan = await planOf(readOperation('home-feed'), {})
  expect(plan.node && stepsOf(plan.node)).toEqual([['blog'], ['communication', 'storage']])
})

it.each(['media', 'post', 'viewer', 'upload-session'])(
  '%s.graphql takes no more than two steps',
  async (name) => {
    const plan = await planOf(readOperation(name), { id: '0' })
    expect(plan.node && stepsOf(plan.node).length).toBeLessThanOrEqual(2)
  },
)

it("the viewer's media take three steps, the last of which asks for their pictures", async () => {
  const plan = await planOf(readOperation('media-library'), {})
  expect(plan.node && stepsOf(plan.node)).toEqual([['communication'], ['storage'], ['communication']])
})
