import { readFileSync } from 'node:fs'
import type * as generated from '../../generated/graphql/operations.ts'

type Kebab<Name extends string, Sep extends string = ''> = Name extends `${infer Letter}${infer Rest}`
  ? `${Letter extends Lowercase<Letter> ? Letter : `${Sep}${Lowercase<Letter>}`}${Kebab<Rest, '-'>}`
  : ''

type Documents = {
  [Key in keyof typeof generated as Key extends `${infer Name}Document`
    ? Kebab<Name>
    : never]: (typeof generated)[Key]
}

/** The operations of the mobile client, by their files' names in schema/operations/, without `.graphql`. */
export type OperationName = keyof Documents

type Signature<Name extends OperationName> = Documents[Name] extends {
  __apiType?: (variables: infer Variables) => infer Data
}
  ? { data: Data; variables: Variables }
  : never

/** What an operation answers. */
export type DataOf<Name extends OperationName> = Signature<Name>['data']

/** What an operation is told. */
export type VariablesOf<Name extends OperationName> = Signature<Name>['variables']

/** The text of an operation, exactly as its file has it. */
export function operationText(name: OperationName): string {
  return readFileSync(new URL(`../../schema/operations/${name}.graphql`, import.meta.url), 'utf8')
}
