// The elements for other pages: the script /moblog-elements.js (docs/clients.md, Custom elements).
import '../player/moblog-player.ts'
import './moblog-recorder.ts'
