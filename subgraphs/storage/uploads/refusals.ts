/** The refusal to change an upload that the user does not have. */
export const NO_SUCH_UPLOAD = { code: 'NOT_FOUND', message: 'There is no such upload.' } as const

/** The refusal to change an upload that has ended. */
export const FINISHED = {
  code: 'CONFLICT',
  message: 'This upload has ended, so it accepts no more bytes. Start a new upload.',
} as const
