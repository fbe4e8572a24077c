import { s3Config, s3Store } from './s3-settings.ts'

/** The environment variables of all object stores. */
export const objectStoreConfig = { ...s3Config }

/** The object stores besides the local disk. At most one may be configured. */
export const STORE_KINDS = [s3Store]
