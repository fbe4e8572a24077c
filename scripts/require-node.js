/**
 * Preloaded (`node --import`) before a TypeScript entry point: says what is wrong where the running Node can't
 * strip types, instead of ERR_UNKNOWN_FILE_EXTENSION. JavaScript, since the old Node has to be able to read it.
 */
if (!process.features.typescript) {
  console.error(
    `Moblog needs Node 24 (or >= 22.18); this is ${process.version}.\n` +
      'Run it through npm ("npm start", "npm run ..."): npm install brings Node 24 along as node_modules/.bin/node.\n' +
      'If that is missing, optional dependencies were left out or the platform has no prebuilt Node: install Node 24.',
  )
  process.exit(1)
}
