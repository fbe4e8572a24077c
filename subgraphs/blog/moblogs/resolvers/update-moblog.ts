import type { Resolvers, UpdateMoblogInput } from '../../../../generated/graphql/blog.ts'
import { characterCount, cleanLine, cleanText } from '../../../../platform/text/clean-text.ts'
import { SELF } from '../../access/viewer-relationship.ts'
import type { RootDb } from '../../database.ts'
import { type FailureResult, invalidInput, signInFirst } from '../../failures.ts'
import type { MoblogLoadersOf } from '../moblog-loaders.ts'
import type { MoblogText } from '../moblog-store.ts'
import { updateMoblog } from '../update-moblog.ts'

/** The dependencies of `Mutation.updateMoblog`. */
export type UpdateMoblogDeps = { db: RootDb; moblogs: MoblogLoadersOf }

const MAX_TITLE = 100
const MAX_ABOUT = 1_000

/** `Mutation.updateMoblog` */
export function updateMoblogResolvers({ db, moblogs }: UpdateMoblogDeps) {
  return {
    Mutation: {
      async updateMoblog(_root, { input }, context) {
        const id = context.viewerId
        if (!id) return signInFirst()
        const change = readChange(input)
        if ('__typename' in change) return change
        await updateMoblog(db, id, change)
        moblogs(context).text.clear(id)
        const moblog = { __typename: 'Moblog' as const, id, relationship: SELF }
        return { __typename: 'UpdateMoblogPayload' as const, moblog }
      },
    },
  } satisfies Resolvers
}

function readChange(input: UpdateMoblogInput): Partial<MoblogText> | FailureResult {
  const title = input.title == null ? null : cleanLine(input.title)
  const about = input.about == null ? null : cleanText(input.about)
  if (characterCount(title ?? '') > MAX_TITLE) {
    return invalidInput(
      'input.title',
      `The title has ${characterCount(title ?? '')} characters. Shorten it to at most ${MAX_TITLE}.`,
    )
  }
  if (characterCount(about ?? '') > MAX_ABOUT) {
    return invalidInput(
      'input.about',
      `The description has ${characterCount(about ?? '')} characters. Shorten it to at most ${MAX_ABOUT}.`,
    )
  }
  return { ...(title !== null && { title }), ...(about !== null && { about: about || null }) }
}
