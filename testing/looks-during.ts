/** Counts how often the process looks for timers and requests while work is done. */
export async function looksDuring(work: () => Promise<unknown>): Promise<number> {
  let looks = 0
  const looking = setInterval(() => {
    looks += 1
  })
  await work()
  clearInterval(looking)
  return looks
}
