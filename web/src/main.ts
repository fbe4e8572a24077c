import './app/require-storage.ts'
import './app/app.ts'
import { refuseDrops } from './app/refuse-drops.ts'
import { reloadAfterUpdate } from './app/reload-after-update.ts'
import { showTheme } from './app/theme.ts'
import { startLanguage } from './i18n/language.ts'

reloadAfterUpdate()
refuseDrops()
showTheme()
startLanguage()
if (import.meta.env.PROD) void navigator.serviceWorker?.register('service-worker.js')
