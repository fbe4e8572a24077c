import { type Answered, type TestCommunication, viewer } from './communication.ts'

const RESULT = `__typename ... on Failure { code message } ... on InvalidInput { field }
  ... on CreateAudienceListPayload { audienceList { id name memberCount } }
  ... on RenameAudienceListPayload { audienceList { id name memberCount } }
  ... on ChangeAudienceListMembersPayload { audienceList { id name memberCount } }
  ... on DeleteAudienceListPayload { listId }`

const INPUTS: Record<string, string> = { deleteAudienceList: 'AudienceListIdInput' }

/** Changes audience lists as a user; returns the result of the mutation. */
export async function changeList(
  app: TestCommunication,
  userId: string,
  mutation: 'createAudienceList' | 'renameAudienceList' | 'changeAudienceListMembers' | 'deleteAudienceList',
  input: object,
): Promise<Answered['data']> {
  const type = INPUTS[mutation] ?? `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`
  const query = `mutation ($input: ${type}!) { result: ${mutation}(input: $input) { ${selectionOf(mutation)} } }`
  const { data, errors } = await app.ask(query, { input }, viewer(userId))
  if (!data?.result) throw new Error(JSON.stringify(errors))
  return data.result
}

/** Selects what the result of one mutation can contain. */
function selectionOf(mutation: string): string {
  const payload = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Payload`
  return RESULT.split('\n')
    .filter((line) => !line.includes('Payload') || line.includes(`on ${payload} `))
    .join(' ')
}

let names = 0

/** Creates an audience list with members and returns its id. */
export async function listOf(
  app: TestCommunication,
  ownerId: string,
  members: string[] = [],
): Promise<string> {
  const { audienceList } = await changeList(app, ownerId, 'createAudienceList', { name: `list ${++names}` })
  const listId: string = audienceList.id
  if (members.length > 0) await changeMembers(app, ownerId, listId, { add: members })
  return listId
}

/** Adds members to a list and removes others; throws if that fails. */
export async function changeMembers(
  app: TestCommunication,
  ownerId: string,
  listId: string,
  { add = [], remove = [] }: { add?: string[]; remove?: string[] },
): Promise<void> {
  const input = { listId, addIds: add, removeIds: remove }
  const result = await changeList(app, ownerId, 'changeAudienceListMembers', input)
  if (result.code) throw new Error(result.message)
}
