import './app/require-storage.ts'
import './app/app.ts'
import { followUpdates } from './app/follow-updates.ts'
import { refuseDrops } from './app/refuse-drops.ts'
import { reloadAfterUpdate } from './app/reload-after-update.ts'
import { showTheme } from './app/theme.ts'
import { startLanguage } from './i18n/language.ts'

reloadAfterUpdate()
refuseDrops()
showTheme()
startLanguage()
const registered = import.meta.env.PROD && navigator.serviceWorker?.register('service-worker.js')
if (registered) followUpdates(registered)
