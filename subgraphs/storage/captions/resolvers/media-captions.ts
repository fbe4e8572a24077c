import type { Resolvers } from '../../../../generated/graphql/storage.ts'
import type { CaptionsOf } from '../captions-loader.ts'

/** `Media.captions` */
export function mediaCaptionsResolvers(captions: CaptionsOf) {
  return {
    Media: {
      captions: ({ id, kind }, _args, context) => (kind === 'IMAGE' ? [] : captions(context).load(id)),
    },
  } satisfies Resolvers
}
