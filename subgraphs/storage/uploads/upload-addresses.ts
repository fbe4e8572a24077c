/** Returns the addresses to which clients send the bytes of an upload. */
export type UploadAddresses = (uploadId: string) => { tusUrl: string; multipartUrl: string }
