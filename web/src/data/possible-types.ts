/**
 * The types of each interface of the API. Without them, the cache guesses which fragments fit, takes an expected failure
 * for a payload, and returns nothing in place of the failure.
 */
export const POSSIBLE_TYPES = {
  Failure: [
    'InvalidInput',
    'QuotaExceeded',
    'RequestFailed',
    'StorageUnavailable',
    'TooLarge',
    'UnsupportedMedia',
  ],
  Notification: [
    'CommentLiked',
    'CommentReplied',
    'FriendRequestAccepted',
    'FriendRequestReceived',
    'MediaReady',
    'MediaRejected',
    'MediaStored',
    'MentionedInPost',
    'PostCommented',
    'PostLiked',
    'PostPublished',
  ],
  TextEntity: ['HashtagEntity', 'LinkEntity', 'MentionEntity'],
}
