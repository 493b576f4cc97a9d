/** The import table of docs/architecture.md, row by row. A row that is broken is an error of `npm run check`. */
const only = (name, from, allowed) => ({
  name,
  severity: 'error',
  comment: `${from} may import only ${allowed.join(', ') || 'external packages'}`,
  from: { path: from, pathNot: '\\.spec\\.ts$' },
  to: { path: '^(apps|libs|tools|test)/', pathNot: [from, ...allowed] },
});

const lib = (...names) => names.map((name) => `^libs/${name}/src/index\\.ts$`);

const BELOW_THE_KIT = ['contracts', 'identifiers', 'platform', 'kafka', 'accounts', 'blobs'];

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    only('contracts', '^libs/contracts/', []),
    only('identifiers', '^libs/identifiers/', lib('contracts')),
    only('platform', '^libs/platform/', []),
    only('kafka', '^libs/kafka/', lib('contracts', 'platform')),
    only('accounts', '^libs/accounts/', lib('contracts', 'identifiers', 'platform')),
    only('blobs', '^libs/blobs/', lib('contracts', 'platform')),
    only('adapter-kit', '^libs/adapter-kit/', lib(...BELOW_THE_KIT)),
    {
      name: 'adapters',
      severity: 'error',
      comment:
        'an adapter knows its vendor, the contracts, the identifiers and the kit; never kafka, never another app',
      from: { path: '^apps/(adapter-[^/]+)/' },
      to: {
        path: '^(apps|libs|tools|test)/',
        pathNot: [
          '^apps/$1/',
          '^libs/(contracts|identifiers|adapter-kit)/src/index\\.ts$',
          '^libs/adapter-kit/src/testing/index\\.ts$',
        ],
      },
    },
    {
      name: 'testing-stays-out-of-production',
      severity: 'error',
      comment: 'the conformance suite brings Jest: only specs import it',
      from: { path: '^(apps|libs)/', pathNot: ['\\.spec\\.ts$', '^libs/adapter-kit/src/testing/'] },
      to: { path: '^libs/adapter-kit/src/testing/' },
    },
    only('core', '^apps/core/', lib('contracts', 'identifiers', 'platform', 'kafka', 'accounts')),
    {
      name: 'contracts-packages',
      severity: 'error',
      comment: 'libs/contracts is read by analysts too: decorators and nothing heavier',
      from: { path: '^libs/contracts/src/', pathNot: '\\.spec\\.ts$' },
      to: {
        dependencyTypes: ['npm', 'npm-dev'],
        pathNot: 'node_modules/(class-validator|class-transformer|reflect-metadata)',
      },
    },
    {
      name: 'kafkajs-only-in-kafka',
      severity: 'error',
      comment: 'the client may have to be changed one day: it stays behind libs/kafka',
      from: { path: '^(apps|libs)/', pathNot: '^libs/kafka/' },
      to: { path: 'node_modules/kafkajs' },
    },
    {
      name: 'nothing-imports-tools-or-tests',
      severity: 'error',
      from: { path: '^(apps|libs)/' },
      to: { path: '^(tools|test)/' },
    },
    {
      name: 'tools-enter-apps-by-the-door',
      severity: 'error',
      from: { path: '^(tools|test)/' },
      to: { path: '^apps/', pathNot: '^apps/[^/]+/src/(main|public)\\.ts$' },
    },
    {
      name: 'core-controllers-not-databases',
      severity: 'error',
      comment: 'controller/consumer -> service/step -> repository -> database, never upwards',
      from: { path: '^apps/core/src/.*\\.controller\\.ts$' },
      to: { path: '^apps/core/src/(.*\\.repository\\.ts$|database/)' },
    },
    {
      name: 'core-rules-are-pure',
      severity: 'error',
      comment: 'pure rules and resolvers import no framework, no database, no clock',
      from: { path: '^apps/core/src/.*\\.(rules|resolver)\\.ts$' },
      to: {
        path: '(node_modules/(@nestjs|typeorm|pg|kafkajs)|\\.(repository|service|controller|consumer|module)\\.ts$)',
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|\\.data)|libs/adapter-kit/template' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
