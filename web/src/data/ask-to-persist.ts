/** Called when something is kept that exists only on this device, so that the browser does not delete it. */
export function askToPersist(): void {
  void import('./persist-storage.ts').then((file) => file.persistStorage()).catch(() => {})
}
