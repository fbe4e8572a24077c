/**
 * Returns the SQL condition that a friend of a post's author is in the audience of the post. For a list that the author
 * does not have, it is false.
 *
 * @param audience the SQL expressions of the audience, its list, the author's id and the friend's id
 */
export function isInAudience(audience: string, listId: string, authorId: string, friendId: string): string {
  return `CASE ${audience}::text
    WHEN 'ONLY_ME' THEN false
    WHEN 'ONLY_LIST' THEN EXISTS (
      SELECT FROM audience_lists list JOIN audience_list_members member ON member.list_id = list.id
      WHERE list.id = ${listId} AND list.owner_id = ${authorId} AND member.user_id = ${friendId})
    WHEN 'EXCEPT_LIST' THEN EXISTS (
      SELECT FROM audience_lists list WHERE list.id = ${listId} AND list.owner_id = ${authorId}
        AND NOT EXISTS (
          SELECT FROM audience_list_members member WHERE member.list_id = list.id AND member.user_id = ${friendId}))
    ELSE true
  END`
}
