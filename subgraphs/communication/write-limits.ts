/** How many times a minute each user may call a mutation; the others share one allowance. */
export const WRITES_PER_MINUTE = {
  // From one network twenty times as many. Guessing passwords is limited apart from that.
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
  requestUpload: 60,
  renewUploadKey: 60,
  cancelUpload: 60,
  markNotificationsRead: 120,
}
