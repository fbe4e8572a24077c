// Which code may import which, as the table in CONTRIBUTING.md says. `npm run lint` checks it with
// scripts/check-imports.ts.
const PRODUCT = '^(main\\.js$|(gateway|hosting|platform|schema|subgraphs)/)'
const TEST = '\\.test\\.ts$'

// What the folders of the web client import, so that each part can be understood by itself. `screens/` may import all of them.
const IMPORTS_OF_WEB = {
  app: ['data', 'design', 'i18n', 'components', 'player', 'uploads', 'service-worker', 'screens', 'composer'],
  data: [],
  design: [],
  i18n: [],
  components: ['app', 'data', 'design', 'i18n', 'player', 'composer'],
  player: ['design', 'i18n'],
  recorder: ['design', 'i18n'],
  uploads: ['data', 'i18n', 'recorder'],
  elements: ['design', 'i18n', 'player', 'recorder', 'uploads'],
  composer: ['app', 'data', 'design', 'i18n', 'components', 'player', 'recorder', 'uploads'],
  'service-worker': ['uploads'],
}

const foldersOfWeb = Object.entries(IMPORTS_OF_WEB).map(([folder, imported]) => ({
  name: `web-${folder}`,
  comment: `In the web client, ${folder}/ imports no other folders than these: ${imported.map((each) => `${each}/`).join(', ') || 'none'}.`,
  severity: 'error',
  from: { path: `^web/src/${folder}/`, pathNot: TEST },
  to: { path: '^web/src/[^/]+/', pathNot: [folder, ...imported].map((each) => `^web/src/${each}/`) },
}))

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...foldersOfWeb,
    {
      name: 'no-cycle',
      comment: 'No file imports itself through others, imports of types included.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'platform-is-lowest',
      comment: 'platform/ imports nothing else of the product.',
      severity: 'error',
      from: { path: '^platform/' },
      to: { path: '^(gateway|generated|hosting|schema|subgraphs)/' },
    },
    {
      name: 'hosting-is-highest',
      comment: 'Subgraphs and the gateway do not import hosting/, which starts them.',
      severity: 'error',
      from: { path: '^(gateway|subgraphs)/' },
      to: { path: '^hosting/' },
    },
    {
      name: 'subgraphs-are-separate',
      comment:
        'A subgraph imports no other subgraph, and in generated/ only its own files and those of its calls.',
      severity: 'error',
      from: { path: '^subgraphs/([^/]+)/' },
      to: {
        path: '^(subgraphs|generated/prisma|generated/graphql)/',
        pathNot: ['^[^.]+/$1[/.]', '^generated/graphql/internal/$1-to-'],
      },
    },
    {
      name: 'gateway-knows-no-subgraph',
      comment: 'The gateway sends GraphQL to subgraphs and imports only the types of its calls.',
      severity: 'error',
      from: { path: '^gateway/' },
      to: { path: '^(subgraphs|generated)/', pathNot: '^generated/graphql/internal/gateway-to-' },
    },
    {
      name: 'database-in-stores',
      comment: 'Only stores, database.ts and platform/database/ import a database client.',
      severity: 'error',
      from: { path: PRODUCT, pathNot: [TEST, '-store\\.ts$', '/database\\.ts$', '^platform/database/'] },
      to: { path: ['node_modules/(@types/)?pg/', 'node_modules/@prisma/', '^generated/prisma/'] },
    },
    {
      name: 'no-test-kit-in-the-product',
      comment: 'Product code and scripts import no test kits, tests or benchmarks.',
      severity: 'error',
      from: { path: [PRODUCT, '^scripts/'], pathNot: TEST },
      to: { path: ['^(testing|test|bench)/', TEST] },
    },
    {
      name: 'no-script-in-the-product',
      comment: 'Product code imports no scripts, except the check of the version of Node.',
      severity: 'error',
      from: { path: PRODUCT, pathNot: TEST },
      to: { path: '^scripts/', pathNot: '^scripts/require-node\\.js$' },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '^generated/'] },
    // Imports of types count too.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
}
