import fc from 'fast-check'
import { buildSchema, getVariableValues, type OperationDefinitionNode, parse, validate } from 'graphql'
import { withoutSuggestions, withoutValues } from './public-message.ts'

const schema = buildSchema(`
  type Query { signUp(input: SignUp!): Int }
  input SignUp { handle: String! password: String! age: Int kind: Kind names: [String!] }
  enum Kind { A B }
`)
const document = parse('query($input: SignUp!) { signUp(input: $input) }')
const { variableDefinitions = [] } = document.definitions[0] as OperationDefinitionNode

/** Returns the error messages of graphql-js for an input. */
function complaints(input: unknown): string[] {
  const { errors = [] } = getVariableValues(schema, variableDefinitions, { input })
  return errors.map(({ message }) => message)
}

describe("an error message without the client's values", () => {
  it('names the variable, the field and the reason', () => {
    const [missing] = complaints({ handle: 'ann', password: 'my secret; password' })
    expect(missing).toBeUndefined()
    expect(complaints({ password: 'my secret; at "x"; password' }).map(withoutValues)).toEqual([
      'Variable "$input" got an invalid value; Field "handle" of required type "String!" was not provided.',
    ])
    expect(complaints({ handle: 'ann', password: 12345678 }).map(withoutValues)).toEqual([
      'Variable "$input" got an invalid value at "input.password"; String cannot represent a non string value.',
    ])
    expect(complaints({ handle: 'ann', password: 'x', kind: 'C' }).map(withoutValues)).toEqual([
      expect.stringMatching(
        /^Variable "\$input" got an invalid value at "input\.kind"; Value "C" does not exist/,
      ),
    ])
  })

  it('never contains a part of a password, for any password and any mistake', () => {
    const secret = fc.string({ minLength: 4 }).map((text) => `<secret ${text}>`)
    const wrong = fc.constantFrom<Record<string, unknown>>(
      { age: 'x' },
      { kind: 1 },
      { names: [1] },
      { other: 1 },
      { handle: {} },
      { 'a;b': 1 },
      { 'a; b': 1 },
    )
    fc.assert(
      fc.property(secret, wrong, (password, change) => {
        const inputs = [
          { handle: 'ann', password, ...change },
          { handle: 'ann', password: [password] },
          { password },
          password,
        ]
        for (const message of inputs.flatMap(complaints))
          expect(withoutValues(message)).not.toContain('<secret')
      }),
    )
  })

  it('is without a reason that contains what separates it from the value', () => {
    expect(complaints({ handle: 'ann', password: 'secret', 'a;b': 1 }).map(withoutValues)).toEqual([
      'Variable "$input" got an invalid value.',
    ])
  })

  it('omits values of literals as well as of variables', () => {
    const query = parse('{ signUp(input: { handle: "ann", password: 12345678 }) }')
    expect(validate(schema, query).map(({ message }) => withoutValues(message))).toEqual([
      'String cannot represent a non string value.',
    ])
  })

  it.each(['"secret"', '["secret"]', '{ handle: "secret", password: SECRET }'])(
    'omits the literal %s',
    (literal) => {
      const messages = validate(schema, parse(`{ signUp(input: ${literal}) }`)).map(({ message }) => message)
      expect(messages).not.toEqual([])
      for (const message of messages) expect(withoutValues(message)).not.toMatch(/secret/i)
    },
  )
})

describe('a message without suggestions', () => {
  it.each([
    [
      'Cannot query field "medio" on type "Query". Did you mean "media"?',
      'Cannot query field "medio" on type "Query".',
    ],
    ['No field "a". Did you mean "b", "c", or "d"? Check it.', 'No field "a". Check it.'],
    ['Nothing to suggest.', 'Nothing to suggest.'],
  ])('%s', (message, expected) => {
    expect(withoutSuggestions(message)).toBe(expected)
  })
})
