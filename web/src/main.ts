import './app/app.ts'
import { showTheme } from './app/theme.ts'
import { startLanguage } from './i18n/language.ts'

showTheme()
startLanguage()
if (import.meta.env.PROD) void navigator.serviceWorker?.register('service-worker.js')
