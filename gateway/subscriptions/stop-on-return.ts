/**
 * Makes `return()` of a generator call `stop` at once. Without it, `return()` takes effect only when the result that the
 * generator is waiting for has arrived, which may take hours.
 */
export function stopOnReturn<T>(generator: AsyncGenerator<T>, stop: () => void): AsyncGenerator<T> {
  const finish = generator.return.bind(generator)
  generator.return = (value) => {
    stop()
    return finish(value)
  }
  return generator
}
