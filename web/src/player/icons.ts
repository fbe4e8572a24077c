const icon = (path: string) =>
  `<svg viewBox="0 0 24 24" aria-hidden="true" fill="currentColor"><path d="${path}"/></svg>`

/** The symbols of the player's buttons. They do not turn around from right to left: media runs the same way everywhere. */
export const ICONS = {
  play: icon('M8 5v14l11-7z'),
  pause: icon('M6 5h4v14H6zM14 5h4v14h-4z'),
  sound: icon('M4 9v6h4l5 5V4L8 9zM16 8.5v7a4 4 0 0 0 0-7zM16 4v2a6.5 6.5 0 0 1 0 12v2a8.5 8.5 0 0 0 0-16z'),
  muted: icon(
    'M4 9v6h4l5 5V4L8 9zM22 9.4 20.6 8 18.5 10.1 16.4 8 15 9.4l2.1 2.1L15 13.6 16.4 15l2.1-2.1 2.1 2.1 1.4-1.4-2.1-2.1z',
  ),
  larger: icon('M4 4h7v2H6v5H4zM13 18h5v-5h2v7h-7z'),
  smaller: icon('M9 4h2v7H4V9h5zM13 13h7v2h-5v5h-2z'),
  captions: icon('M3 5h18v14H3zm2 2v10h14V7zm2 3h4v1.5H8.5v1H11V14H7zm6 0h4v1.5h-2.5v1H17V14h-4z'),
  download: icon('M11 4h2v8l3-3 1.4 1.4L12 15.8 6.6 10.4 8 9l3 3zM5 18h14v2H5z'),
}
