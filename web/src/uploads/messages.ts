import { catalogue } from '../i18n/catalogue.ts'
import { wholeNumber } from '../i18n/format.ts'

/** The texts about uploads. */
export const words = catalogue(
  {
    waiting: 'Waiting',
    sending: 'Uploading',
    paused: 'Paused',
    offline: 'Waiting for the connection',
    verifying: 'Being checked',
    stored: 'Uploaded',
    failed: 'Not uploaded',
    cancelled: 'Cancelled',
    pause: 'Pause',
    resume: 'Continue',
    cancel: 'Cancel',
    remove: 'Remove',
    sentOf: (sent: string, total: string) => `${sent} of ${total}`,
    rate: (rate: string) => `${rate}/s`,
    secondsLeft: (seconds: number) => `${wholeNumber(seconds)} s left`,
    minutesLeft: (minutes: number) => `${wholeNumber(minutes)} min left`,
    storageUnavailable:
      'The server cannot take files at the moment. The upload starts by itself as soon as it can.',
    // What is reserved is null if it is nothing.
    quotaExceeded: (used: string, quota: string, reserved: string | null) =>
      reserved === null
        ? `Your storage is full: ${used} of ${quota} are used. Delete media that you no longer need.`
        : `Your storage has no room for this: ${used} of ${quota} are used, and ${reserved} are reserved for unfinished uploads, such as interrupted recordings. Delete media or discard unfinished uploads, then try again.`,
    tooLarge: (most: string) => `This file is too large. Files of this kind may have up to ${most}.`,
    tooLong: 'This file is too large or plays too long. Choose a smaller one.',
    unsupported: 'This is not a video, sound or photo that can be shown. Choose another file.',
    rateLimited: 'Too many uploads in a short time. Wait a moment before the next one.',
    signedOut: 'You are signed out. Sign in, and the upload continues.',
    damaged: 'The file has changed on its way. Upload it again.',
    expired: 'The upload was not finished in time. Start it again.',
    fileMissing:
      'This device has no copy of the file. Choose the same file again, and the upload continues where it was.',
    noAnswer: 'There is no answer. Check the connection, then try again.',
    other: (message: string) => `The file was not uploaded. ${message}`,
    tryAgain: 'Try again',
    waits: 'Continues by itself',
    freeSpace: 'Free up space',
    chooseAnother: 'Choose another file',
    chooseAgain: 'Choose the file again',
    signIn: 'Sign in',
  },
  {
    waiting: '等待中',
    sending: '正在上传',
    paused: '已暂停',
    offline: '等待网络连接',
    verifying: '正在检查',
    stored: '已上传',
    failed: '未能上传',
    cancelled: '已取消',
    pause: '暂停',
    resume: '继续',
    cancel: '取消',
    remove: '移除',
    sentOf: (sent: string, total: string) => `${sent} / ${total}`,
    rate: (rate: string) => `${rate}/秒`,
    secondsLeft: (seconds: number) => `剩余 ${wholeNumber(seconds)} 秒`,
    minutesLeft: (minutes: number) => `剩余 ${wholeNumber(minutes)} 分钟`,
    storageUnavailable: '服务器暂时无法接收文件，恢复后会自动开始上传。',
    quotaExceeded: (used: string, quota: string, reserved: string | null) =>
      reserved === null
        ? `存储空间已满：已使用 ${used}，共 ${quota}。请删除不再需要的媒体。`
        : `存储空间不足：已使用 ${used}，共 ${quota}，另有 ${reserved} 为未完成的上传（例如中断的录制）预留。请删除媒体或放弃未完成的上传，然后重试。`,
    tooLarge: (most: string) => `文件太大。此类文件最大为 ${most}。`,
    tooLong: '文件太大或时间太长，请选择较小的文件。',
    unsupported: '这不是可以显示的视频、音频或照片，请选择其他文件。',
    rateLimited: '短时间内上传过多，请稍候再试。',
    signedOut: '你已退出登录。重新登录后会继续上传。',
    damaged: '文件在传输中发生了变化，请重新上传。',
    expired: '上传未能及时完成，请重新开始。',
    fileMissing: '此设备没有保存该文件的副本。请再次选择同一文件，上传会从中断处继续。',
    noAnswer: '没有收到回应。请检查网络连接后重试。',
    other: (message: string) => `文件未能上传。${message}`,
    tryAgain: '重试',
    waits: '会自动继续',
    freeSpace: '释放空间',
    chooseAnother: '选择其他文件',
    chooseAgain: '重新选择该文件',
    signIn: '登录',
  },
)
