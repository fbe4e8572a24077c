// Loaded before a program (NODE_OPTIONS=--import) to run it on a machine whose clock is wrong by CLOCK_AHEAD_MS.
const ahead = Number(process.env.CLOCK_AHEAD_MS ?? 0)
const now = () => Math.trunc(Reflect.apply(realNow, Date, []) + ahead)
const realNow = Date.now

globalThis.Date = new Proxy(Date, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
})
