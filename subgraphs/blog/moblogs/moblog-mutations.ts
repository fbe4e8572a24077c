import type { MutationResolvers, ResolversTypes, UpdateMoblogInput } from '../../../generated/graphql/blog.ts'
import type { PrismaClient } from '../../../generated/prisma/blog/client.ts'
import { characterCount, cleanLine, cleanText } from '../../../platform/text/clean-text.ts'
import type { BlogContext } from '../context.ts'
import { type FailureResult, invalidInput, signInFirst } from '../failures.ts'
import { searchWords } from '../search-words/search-words.ts'
import type { MoblogText } from './moblog-store.ts'

const MAX_TITLE = 100
const MAX_ABOUT = 1_000

/** Resolvers of the mutations on moblogs. */
export function moblogMutations(
  prisma: PrismaClient,
): Required<Pick<MutationResolvers<BlogContext>, 'updateMoblog'>> {
  return {
    async updateMoblog(_mutation, { input }, context): Promise<ResolversTypes['UpdateMoblogResult']> {
      const id = context.viewerId
      if (!id) return signInFirst()
      const change = readChange(input)
      if ('__typename' in change) return change
      await writeMoblogText(prisma, id, change)
      context.moblogs.text.clear(id)
      return { __typename: 'UpdateMoblogPayload', moblog: { __typename: 'Moblog', id, relationship: 'SELF' } }
    },
  }
}

/** Writes the given texts and, in the same transaction, the search words of all the moblog's texts. */
function writeMoblogText(prisma: PrismaClient, id: string, change: Partial<MoblogText>): Promise<void> {
  return prisma.$transaction(async (transaction) => {
    const { title, about } = await transaction.moblog.upsert({
      where: { id },
      create: { id, ...change },
      update: change,
      select: { title: true, about: true },
    })
    await transaction.moblog.update({
      where: { id },
      data: { words: searchWords(title, about) },
      select: { id: true },
    })
  })
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
