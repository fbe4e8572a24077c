import type { InvalidInput, UpdateProfileInput } from '../../../generated/graphql/communication.ts'
import { isId } from '../../../platform/ids.ts'
import { type NameProblem, readName } from '../../../platform/text/read-name.ts'
import { readDisplayName } from '../accounts/sign-up-input.ts'
import { invalidInput, isFailure } from '../failures.ts'

/** A change of a profile; undefined fields stay unchanged. */
export type ProfileChange = {
  displayName?: string
  about?: string | null
  avatarId?: string | null
}

const MAX_ABOUT = 500

const ABOUT_PROBLEMS: Record<Exclude<NameProblem, 'empty'>, string> = {
  'too long': `The text about yourself is too long. Use at most ${MAX_ABOUT} characters.`,
  'invisible characters':
    'The text about yourself has control characters, or invisible characters without an effect. Remove them.',
}

/** Validates the input of `updateProfile`. */
export function readProfileChange(input: UpdateProfileInput): ProfileChange | InvalidInput {
  const change: ProfileChange = {}
  if (input.displayName !== undefined) {
    const displayName = readDisplayName(input.displayName ?? '')
    if (isFailure(displayName)) return displayName
    change.displayName = displayName.text
  }
  if (input.about !== undefined) {
    const about = readName(input.about ?? '', MAX_ABOUT, { lines: true })
    if ('problem' in about && about.problem !== 'empty') {
      return invalidInput('input.about', ABOUT_PROBLEMS[about.problem])
    }
    change.about = 'text' in about ? about.text : null
  }
  if (input.avatarMediaId !== undefined) {
    if (input.avatarMediaId !== null && !isId(input.avatarMediaId)) {
      return invalidInput(
        'input.avatarMediaId',
        'The media id is not a UUID. Send the id of one of your images.',
      )
    }
    change.avatarId = input.avatarMediaId ?? null
  }
  return change
}
