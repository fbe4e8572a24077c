/** The addresses to which clients send the bytes of an upload. */
export type UploadAddresses = (uploadId: string) => { tusUrl: string; multipartUrl: string }

/**
 * Creates the function that returns an upload's addresses.
 *
 * @param base the public address of the service, without a slash at its end
 */
export function createUploadAddresses(base: string): UploadAddresses {
  return (uploadId) => ({
    tusUrl: `${base}/uploads/${uploadId}`,
    multipartUrl: `${base}/uploads/graphql`,
  })
}
