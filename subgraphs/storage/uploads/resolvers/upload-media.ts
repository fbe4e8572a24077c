import type { FileUpload } from 'graphql-upload-minimal'
import { z } from 'zod'
import type { Resolvers } from '../../../../generated/graphql/storage.ts'
import { isId } from '../../../../platform/ids.ts'
import { invalidInput } from '../../failures.ts'
import { type UploadingFiles, uploadFile } from '../upload-file.ts'

const file = z.custom<FileUpload>(
  (value) => typeof (value as Partial<FileUpload> | null)?.createReadStream === 'function',
)

/** `Mutation.uploadMedia` */
export function uploadMediaResolvers(deps: UploadingFiles) {
  return {
    Mutation: {
      async uploadMedia(_root, { input }) {
        if (!isId(input.uploadId))
          return invalidInput(
            'input.uploadId',
            'The upload id is not a UUID. Send the id of one of your uploads.',
          )
        const { uploadId, key } = input
        const arrives = async () => file.safeParse(await Promise.resolve(input.file).catch(() => null)).data
        return uploadFile(deps, { uploadId, key, arrives })
      },
    },
  } satisfies Resolvers
}
