// Node loads this file itself. Jest would load a TypeScript file apart from the one that runtime.ts imports.
export { default } from './environment.ts'
