/** How many times per minute each user may call a mutation. The mutations that are not listed share one rate limit. */
export const WRITES_PER_MINUTE = {
  // Signed-out users of one network share 20 times as many. Password guesses are limited separately.
  signUp: 30,
  signIn: 30,
  refreshSession: 60,
  requestFriend: 60,
  acceptFriendRequest: 60,
  declineFriendRequest: 60,
  cancelFriendRequest: 60,
  unfriend: 60,
  blockUser: 60,
  unblockUser: 60,
  muteUser: 60,
  unmuteUser: 60,
  requestUpload: 60,
  renewUploadKey: 60,
  cancelUpload: 60,
  createAudienceList: 30,
  renameAudienceList: 60,
  changeAudienceListMembers: 60,
  deleteAudienceList: 30,
  markNotificationsRead: 120,
}
