type Named = { displayName: string; handle: string }

/** Finds friends by a part of their name or handle. Letter case, accents and character width make no difference. */
export function findFriends<Friend extends Named>(friends: readonly Friend[], text: string): Friend[] {
  const wanted = simplified(text.trim().replace(/^@/, ''))
  return friends.filter(
    ({ displayName, handle }) =>
      simplified(displayName).includes(wanted) || simplified(handle).includes(wanted),
  )
}

function simplified(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()
}
