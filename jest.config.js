/** One Jest project per kind of test; `node tools/run.mjs test [unit|medium|e2e|architecture] [-- jest options]` runs them. */
const base = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^@lienmach/(contracts|identifiers|platform|kafka|accounts|blobs|adapter-kit)$': '<rootDir>/libs/$1/src/index.ts',
    '^@lienmach/adapter-kit/testing$': '<rootDir>/libs/adapter-kit/src/testing/index.ts',
    '^@lienmach/tools$': '<rootDir>/tools/src/index.ts',
    // its ESM entry needs import attributes, which this Node's vm modules warn about
    '^libphonenumber-js/max$': '<rootDir>/node_modules/libphonenumber-js/max/index.cjs',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        sourceMaps: 'inline',
        module: { type: 'es6' },
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true, dynamicImport: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          keepClassNames: true,
        },
      },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.data'],
  // its files are no code before `npm run new:channel` has named them
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/libs/adapter-kit/template/'],
};

export default {
  // servers and databases of their own, on whatever machine: what hangs still ends (Jest reads it here alone, for all projects)
  testTimeout: 30_000,
  projects: [
    {
      ...base,
      displayName: 'unit',
      setupFilesAfterEnv: ['<rootDir>/test/support/no-network.mjs'],
      testMatch: ['<rootDir>/{apps,libs,tools}/**/*.spec.ts'],
    },
    { ...base, displayName: 'architecture', testMatch: ['<rootDir>/test/architecture/**/*.spec.ts'] },
    {
      ...base,
      displayName: 'medium',
      testMatch: ['<rootDir>/test/medium/**/*.spec.ts'],
      globalSetup: '<rootDir>/test/support/global-setup.mjs',
      globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
    },
    {
      ...base,
      displayName: 'e2e',
      testMatch: ['<rootDir>/test/e2e/**/*.spec.ts'],
      globalSetup: '<rootDir>/test/support/global-setup.mjs',
      globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
    },
  ],
};
