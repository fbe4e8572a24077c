import type { InvalidInput, SignUpInput } from '../../../generated/graphql/communication.ts'
import { characterCount, cleanLine } from '../../../platform/text/clean-text.ts'
import { type NameProblem, readName } from '../../../platform/text/read-name.ts'
import { invalidInput, isFailure } from '../failures.ts'
import { HANDLE_RULE, handleKey } from '../people/handle.ts'
import { passwordProblem } from './password.ts'

/** A validated sign-up request. */
export type SignUp = {
  handle: string
  handleKey: string
  displayName: string
  password: string
  deviceName: string | null
}

const MAX_DEVICE_NAME = 100

const DISPLAY_NAME_PROBLEMS: Record<NameProblem, string> = {
  empty: 'The display name has no visible character. Add one.',
  'too long': 'The display name is too long. Use at most 50 characters.',
  'invisible characters':
    'The display name has control characters, or invisible characters without an effect. Remove them.',
}

/** Validates the input of `signUp`. */
export function readSignUp(input: SignUpInput): SignUp | InvalidInput {
  const key = handleKey(input.handle)
  if (key === null) return invalidInput('input.handle', HANDLE_RULE)
  const displayName = readDisplayName(input.displayName)
  if (isFailure(displayName)) return displayName
  const problem = passwordProblem(input.password)
  if (problem) return invalidInput('input.password', problem)
  const deviceName = readDeviceName(input.deviceName)
  if (typeof deviceName === 'object' && deviceName) return deviceName
  return {
    handle: input.handle,
    handleKey: key,
    displayName: displayName.text,
    password: input.password,
    deviceName,
  }
}

/** Validates a display name. */
export function readDisplayName(name: string): { text: string } | ReturnType<typeof invalidInput> {
  const read = readName(name, 50)
  return 'text' in read ? read : invalidInput('input.displayName', DISPLAY_NAME_PROBLEMS[read.problem])
}

/** Validates the name of a device; null if it is omitted or blank. */
export function readDeviceName(name: string | null | undefined): string | null | InvalidInput {
  if (name == null || name.trim() === '') return null
  if (name.length > MAX_DEVICE_NAME * 12) return deviceNameTooLong()
  const clean = cleanLine(name)
  return characterCount(clean) > MAX_DEVICE_NAME ? deviceNameTooLong() : clean || null
}

function deviceNameTooLong() {
  return invalidInput(
    'input.deviceName',
    `The device name is too long. Use at most ${MAX_DEVICE_NAME} characters.`,
  )
}
