import { moreIcons } from '../design/more-icons.ts'
import { words } from './menus/messages.ts'
import { askUser } from './sheet.ts'
import { toast } from './toast.ts'

/** Copies a link. Where the browser does not allow that, the user can share it, or copy it by hand. */
export async function copyLink(link: string): Promise<void> {
  if (await isCopied(link)) return toast(words().copied)
  const { copyByHand, copyLink: title, share } = words()
  const canShare = 'share' in navigator
  const choices = canShare ? [{ key: 'share', label: share, icon: moreIcons.share }] : []
  const answer = await askUser({ title, text: copyByHand, name: title, link, choices })
  // The user may close the menu of the operating system.
  if (answer === 'share') await navigator.share({ url: link }).catch(() => {})
}

async function isCopied(link: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(link)
    return true
  } catch {
    // Pages over plain http have no clipboard, and some apps that show this page forbid it.
    return isCopiedAsText(link)
  }
}

/** Copies as the menu of the browser does, with other text. Safari does so only if text is selected. */
function isCopiedAsText(text: string): boolean {
  let isWritten = false
  const write = (event: ClipboardEvent) => {
    event.clipboardData?.setData('text/plain', text)
    event.preventDefault()
    isWritten = event.clipboardData !== null
  }
  addEventListener('copy', write, { capture: true, once: true })
  const isDone = document.execCommand('copy')
  removeEventListener('copy', write, { capture: true })
  return isDone && isWritten
}
