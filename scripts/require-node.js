/**
 * Preloaded (`node --import`) before a TypeScript entry point: prints an explanation if the running Node cannot
 * strip types, instead of ERR_UNKNOWN_FILE_EXTENSION. It is JavaScript, because an old Node must be able to read it.
 */
if (!process.features.typescript) {
  console.error(
    `Moblog needs Node 24 (or >= 22.18); this is ${process.version}.\n` +
      'Run it through npm ("npm start", "npm run ..."): npm install adds Node 24 as node_modules/.bin/node.\n' +
      'If that file is missing, optional dependencies were omitted or the platform has no prebuilt Node: install Node 24.',
  )
  process.exit(1)
}
