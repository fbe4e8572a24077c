const UPDATE_MS = 10_000

/** Loads the page again, with the newest version of the client: the service worker would answer with the one that it keeps. */
export async function loadNewVersion(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration().catch(() => undefined)
  await registration?.update().catch(() => {})
  const next = registration?.installing ?? registration?.waiting
  if (next) await isActive(next)
  location.reload()
}

function isActive(worker: ServiceWorker): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, UPDATE_MS)
    worker.addEventListener('statechange', () => worker.state === 'activated' && resolve())
  })
}
