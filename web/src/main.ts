import { startLanguage } from './i18n/language.ts'

startLanguage()
