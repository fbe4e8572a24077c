import type { LiveNotification } from '../../data/live.ts'
import { idsToMark } from '../../data/own-uploads.ts'
import { rowsOf } from './inbox-rows.ts'

const notice = (
  __typename: LiveNotification['__typename'],
  id: string,
  mediaId: string | null,
  postCount = 0,
  readAt: string | null = null,
) =>
  ({
    __typename,
    id,
    readAt,
    media: mediaId === null ? null : { id: mediaId, postCount },
  }) as LiveNotification

const idsOf = (notifications: LiveNotification[]) =>
  rowsOf(notifications, null).map((row) => row.notifications.map(({ id }) => id))

describe('the rows of the inbox', () => {
  it('put files together that follow each other, each once', () => {
    expect(
      idsOf([
        notice('MediaReady', '6', 'b'),
        notice('MediaReady', '5', 'a'),
        notice('PostLiked', '4', null),
        notice('MediaStored', '3', 'c'),
        notice('MediaStored', '2', 'b'),
        notice('MediaStored', '1', 'a'),
      ]),
    ).toEqual([['6', '5'], ['4'], ['3']])
  })

  it('keep files apart that cannot be used or were deleted', () => {
    expect(
      idsOf([
        notice('MediaReady', '5', 'a'),
        notice('MediaRejected', '4', null),
        notice('MediaRejected', '3', null),
        notice('MediaReady', '2', null),
        notice('MediaReady', '1', 'b'),
      ]),
    ).toEqual([['5'], ['4'], ['3'], ['2'], ['1']])
  })

  it('are unread only if something in them is news', () => {
    const known = notice('MediaReady', '2', 'a', 1)
    const isUnread = (...those: LiveNotification[]) => rowsOf(those, null).map((row) => row.isUnread)
    expect(isUnread(known)).toEqual([false])
    expect(isUnread(known, notice('MediaReady', '1', 'b'))).toEqual([true])
    expect(isUnread(notice('MediaReady', '1', 'b', 0, '2026-11-27T00:00:00Z'))).toEqual([false])
    expect(isUnread(notice('MediaRejected', '1', null))).toEqual([true])
  })
})

describe('notifications that are no news', () => {
  it('are those of the storage of files that are ready', () => {
    const ready = notice('MediaReady', '3', 'a')
    const notices = [ready, notice('MediaStored', '2', 'a'), notice('MediaStored', '1', 'b')]
    expect(idsToMark(notices, null)).toEqual(['2'])
  })

  it('are those of own files that were posted, and are marked as read', () => {
    expect(
      idsToMark(
        [
          notice('MediaReady', '5', 'a', 2),
          notice('MediaStored', '4', 'a', 2),
          notice('MediaReady', '3', 'b'),
          notice('MediaReady', '2', 'c', 1, '2026-11-27T00:00:00Z'),
          notice('MediaRejected', '1', null),
        ],
        null,
      ),
    ).toEqual(['5', '4'])
  })

  it('are those of the profile picture, which is in use without a post', () => {
    const notices = [notice('MediaReady', '2', 'picture'), notice('MediaReady', '1', 'b')]
    expect(idsToMark(notices, 'picture')).toEqual(['2'])
    expect(rowsOf(notices.slice(0, 1), 'picture').map(({ isUnread }) => isUnread)).toEqual([false])
    expect(idsToMark([notice('MediaReady', '1', null)], null)).toEqual([])
  })
})
