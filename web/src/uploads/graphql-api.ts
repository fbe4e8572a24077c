import {
  CancelUploadDocument,
  DeleteMediaDocument,
  RenewUploadKeyDocument,
  RequestUploadDocument,
  UploadSessionDocument,
} from '../../../generated/graphql/web.ts'
import { askForAll, send } from '../data/client.ts'
import { readSession } from '../data/session-store.ts'
import { SignedOut, type UploadApi } from './upload-api.ts'

/** The upload handshake through the API of the signed-in user (docs/method.md, A1 and A2). */
export const graphqlUploadApi: UploadApi = {
  async requestUpload(input) {
    requireSession()
    const { requestUpload: result } = await send(RequestUploadDocument, { input })
    if (result.__typename !== 'RequestUploadPayload') return result
    const { uploadSession, key, keyExpiresAt, tusUrl } = result
    return { uploadId: uploadSession.id, key, keyExpiresAt, tusUrl, mediaId: uploadSession.media?.id ?? null }
  },
  async renewUploadKey(uploadId) {
    requireSession()
    const { renewUploadKey: result } = await send(RenewUploadKeyDocument, { input: { uploadId } })
    if (result.__typename !== 'RenewUploadKeyPayload') return result
    const { key, keyExpiresAt, tusUrl } = result
    return { uploadId, key, keyExpiresAt, tusUrl, mediaId: null }
  },
  async cancelUpload(uploadId) {
    requireSession()
    const { cancelUpload: result } = await send(CancelUploadDocument, { input: { uploadId } })
    return result.__typename === 'CancelUploadPayload' ? null : result
  },
  async uploadSession(id) {
    requireSession()
    const { uploadSession } = await askForAll(UploadSessionDocument, { id })
    if (!uploadSession) return null
    const { state, receivedBytes, media, failure } = uploadSession
    return {
      state,
      receivedBytes,
      mediaId: media?.id ?? null,
      failure: failure && { ...failure, __typename: 'RequestFailed' },
    }
  },
  async deleteMedia(mediaId) {
    requireSession()
    const { deleteMedia: result } = await send(DeleteMediaDocument, { input: { mediaId } })
    return result.__typename === 'DeleteMediaPayload' ? null : result
  },
}

function requireSession(): void {
  if (!readSession()) throw new SignedOut()
}
