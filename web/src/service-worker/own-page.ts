/**
 * Fetches the start page, which is kept only if it belongs to this version. While a new version is being installed on
 * several servers, one of them may answer with the page of another version, whose files will soon be gone.
 *
 * @param entry the name of the script that the page of this version loads
 * @throws Error if the answer is not the page of this version. Then nothing is installed, and the browser tries again.
 */
export async function ownPage(fetchPage: () => Promise<Response>, entry: string): Promise<Response> {
  const page = await fetchPage()
  if (page.ok && (await page.clone().text()).includes(entry)) return page
  throw new Error('The start page does not belong to this version.')
}
