import {
  SignInDocument,
  type SignInInput,
  SignUpDocument,
  type SignUpInput,
} from '../../../generated/graphql/web.ts'
import { postDocument } from './post-document.ts'
import { keepSession } from './session.ts'

/** Why signing in or up failed: the server's code and message, and the input field that it is about. */
export type Refusal = { code: string; message: string; field: string | null }

/** Creates an account and signs in to it. Returns null on success. */
export async function signUp(input: SignUpInput): Promise<Refusal | null> {
  const { data, sentAt } = await postDocument(SignUpDocument, {
    input: { ...input, deviceName: deviceName() },
  })
  const { signUp: result } = data
  // The handle is the only part of an account that another user can have.
  if (result.__typename !== 'SignUpPayload')
    return { ...refusalOf(result), ...(result.code === 'CONFLICT' && { field: 'handle' }) }
  keepSession(result.session, sentAt)
  return null
}

/** Signs in. Returns null on success. */
export async function signIn({ handle, password }: SignInInput): Promise<Refusal | null> {
  const { data, sentAt } = await postDocument(SignInDocument, {
    // Sample accounts have more fields, which the API refuses.
    input: { handle, password, deviceName: deviceName() },
  })
  const { signIn: result } = data
  if (result.__typename !== 'SignInPayload') return refusalOf(result)
  keepSession(result.session, sentAt)
  return null
}

function refusalOf({ code, message, field }: Omit<Refusal, 'field'> & { field?: string | null }): Refusal {
  return { code, message, field: field?.replace(/^input\./, '') ?? null }
}

function deviceName(): string {
  const agent = navigator.userAgent
  const browser =
    /(Firefox|Edg|SamsungBrowser|Chrome|Safari)\//.exec(agent)?.[1]?.replace('Edg', 'Edge') ?? 'Browser'
  const system = /(Android|iPhone|iPad|Windows|Mac OS X|Linux)/.exec(agent)?.[1]?.replace('Mac OS X', 'Mac')
  return system === undefined ? browser : `${browser} · ${system}`
}
