import { AccountErasureDocument } from '../../../generated/graphql/web.ts'
import { postDocument } from './post-document.ts'

/** Whether everything that a deleted account has stored is erased. */
export async function isErased(receipt: string): Promise<boolean> {
  const { data } = await postDocument(AccountErasureDocument, { receipt })
  return data.accountErasure?.erasedAt != null
}
