// The app cannot start if the browser denies its storage. `main.ts` imports this before anything that uses it.
try {
  localStorage.getItem('')
} catch (cause) {
  void import('./explain-no-storage.ts').then(({ explainNoStorage }) => explainNoStorage())
  throw new Error('The browser denies localStorage.', { cause })
}
