/** Does something while no other window of the browser does the same. Pages without a secure address have no locks. */
export async function oneWindowAtATime<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  return 'locks' in navigator ? navigator.locks.request(name, work) : work()
}
