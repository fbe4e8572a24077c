import type * as generated from '../../generated/graphql/operations.ts'
import { readOperation } from '../../schema/read-operation.ts'

type Kebab<Name extends string, Sep extends string = ''> = Name extends `${infer Letter}${infer Rest}`
  ? `${Letter extends Lowercase<Letter> ? Letter : `${Sep}${Lowercase<Letter>}`}${Kebab<Rest, '-'>}`
  : ''

type Documents = {
  [Key in keyof typeof generated as Key extends `${infer Name}Document`
    ? Kebab<Name>
    : never]: (typeof generated)[Key]
}

/** The operations of the mobile client, by their file names in schema/operations/ without `.graphql`. */
export type OperationName = keyof Documents

type Signature<Name extends OperationName> = Documents[Name] extends {
  __apiType?: (variables: infer Variables) => infer Data
}
  ? { data: Data; variables: Variables }
  : never

/** The data that an operation returns. */
export type DataOf<Name extends OperationName> = Signature<Name>['data']

/** The variables of an operation. */
export type VariablesOf<Name extends OperationName> = Signature<Name>['variables']

/** Returns the text of an operation: its file and the fragments that it uses. */
export function operationText(name: OperationName): string {
  return readOperation(name)
}
