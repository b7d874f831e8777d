import tseslint from 'typescript-eslint';

const stdioOwners = ['src/main.ts', 'src/core/io.ts'];

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'schemas/', 'coverage/', '**/*.generated.*'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['eslint.config.js', 'scripts/*.mjs', 'bin/*.js'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
      // `void promise` marks a promise that is left on purpose; everything else must be awaited.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // Handlers are async by contract, also where one has nothing to wait for.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      complexity: ['error', 18],
      'max-depth': ['error', 4],
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
    },
  },
  {
    // Commands return data; only the boundary prints or sets an exit code (docs/architecture.md).
    files: ['src/**/*.ts'],
    ignores: stdioOwners,
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'exit', message: 'Throw a CliError; src/main.ts sets the exit code.' },
        { object: 'process', property: 'exitCode', message: 'Return an exitCode in the result; src/main.ts sets it.' },
        { object: 'process', property: 'stdout', message: 'Return data; src/main.ts prints it.' },
        { object: 'process', property: 'stderr', message: 'Use ctx.io.' },
        { object: 'process', property: 'env', message: 'Use ctx.env.' },
      ],
    },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    ...tseslint.configs.disableTypeChecked,
  },
  {
    files: ['**/*.js', '**/*.mjs', 'test/**/*.ts', 'bench/**/*.ts', 'vitest.config.ts'],
    rules: { 'no-restricted-exports': 'off', 'no-console': 'off', 'max-lines': 'off' },
  },
);
