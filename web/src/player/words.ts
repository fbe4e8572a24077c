const ENGLISH = {
  audio: 'Audio',
  video: 'Video',
  photo: 'Photo',
  play: 'Play',
  pause: 'Pause',
  mute: 'Mute',
  unmute: 'Unmute',
  fullscreen: 'Full screen',
  leaveFullscreen: 'Leave full screen',
  captions: 'Captions',
  noCaptions: 'Off',
  download: 'Download',
  downloading: 'Downloading',
  playDownload: 'Play the downloaded file',
  position: 'Position',
  of: 'of',
  ended: 'You can no longer see this. Its owner may have changed who can.',
  expired: 'This link is no longer valid. Open the page again.',
  failed: 'This file cannot be played now.',
  tryAgain: 'Try again',
  offline: 'You are offline. It continues when the connection is back.',
  checking: 'One moment…',
  preparing: 'Still being prepared. It can be played in a moment.',
  playsSoon: 'Still being prepared. It plays as soon as it is ready.',
  playWhenMade: 'Play when ready',
  doNotPlay: 'Do not play',
  zoom: 'Show larger',
  close: 'Close',
  next: 'Next photo',
  previous: 'Previous photo',
}

/** The texts of the player. */
export type PlayerWords = typeof ENGLISH

const CHINESE: PlayerWords = {
  audio: '音频',
  video: '视频',
  photo: '照片',
  play: '播放',
  pause: '暂停',
  mute: '静音',
  unmute: '取消静音',
  fullscreen: '全屏',
  leaveFullscreen: '退出全屏',
  captions: '字幕',
  noCaptions: '关闭',
  download: '下载',
  downloading: '正在下载',
  playDownload: '播放已下载的文件',
  position: '播放位置',
  of: '/',
  ended: '你已无法查看此内容。对方可能更改了可见范围。',
  expired: '此链接已失效，请重新打开页面。',
  failed: '此文件现在无法播放。',
  tryAgain: '重试',
  offline: '当前没有网络，恢复连接后会继续播放。',
  checking: '请稍候…',
  preparing: '正在处理，很快就能播放。',
  playsSoon: '正在处理，完成后自动播放。',
  playWhenMade: '完成后播放',
  doNotPlay: '取消播放',
  zoom: '查看大图',
  close: '关闭',
  next: '下一张',
  previous: '上一张',
}

/** The texts in the language of an element: of its own `lang`, or that of the closest element that has one. */
export function wordsFor(element: Element): PlayerWords {
  const language = element.closest('[lang]')?.getAttribute('lang') || navigator.language
  return /^zh\b/i.test(language) ? CHINESE : ENGLISH
}
