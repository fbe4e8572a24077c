import { readConfig } from '../../../platform/config.ts'
import { storageConfig } from '../config.ts'
import { readS3Settings } from './s3-settings.ts'

const all = {
  STORAGE_S3_ENDPOINT: 'https://s3.example/',
  STORAGE_S3_BUCKET: 'media',
  STORAGE_S3_REGION: 'eu-1',
  STORAGE_S3_ACCESS_KEY_ID: 'id',
  STORAGE_S3_SECRET_ACCESS_KEY: 'secret',
  STORAGE_S3_BUDGET: '2TiB',
}
const read = (env: Record<string, string>) => readS3Settings(readConfig(storageConfig, env))

describe('the S3 settings', () => {
  it('are read when all or none are set, and rejected when some are missing', () => {
    expect(read({})).toBeNull()
    expect(read(all)).toEqual({
      endpoint: 'https://s3.example',
      bucket: 'media',
      region: 'eu-1',
      accessKeyId: 'id',
      secretAccessKey: 'secret',
      budget: 2 * 1024 ** 4,
      isRedirecting: false,
    })
    expect(() => read({ ...all, STORAGE_S3_BUCKET: '', STORAGE_S3_BUDGET: '' })).toThrow(
      'STORAGE_S3_BUCKET, STORAGE_S3_BUDGET',
    )
    expect(() => read({ STORAGE_S3_REDIRECT: 'true' })).toThrow('STORAGE_S3_ENDPOINT')
  })
})
