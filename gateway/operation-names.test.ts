import { getOperationAST, parse } from 'graphql'
import { operationNames, readOperation } from '../schema/read-operation.ts'
import { knownOperationNames } from './operation-names.ts'

it('the metrics know each operation of our mobile client by its name', () => {
  const named = operationNames().map((file) => getOperationAST(parse(readOperation(file)))?.name?.value)
  expect([...knownOperationNames()]).toEqual(named)
})
