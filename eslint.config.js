import tseslint from 'typescript-eslint'

const NO_IO = 'this part is pure: what it needs from the outside world is an argument'
const RECORD = ['ledger', 'log', 'record']

export default tseslint.config(
  { ignores: ['dist/', 'runs/', 'coverage/', '**/node_modules/'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      // `${count}` of a number is what we mean; the rule is for objects.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true, allowNullish: true },
      ],
      // An interface that asks for a promise is often met by code that awaits nothing.
      '@typescript-eslint/require-await': 'off',
      'max-lines': ['error', { max: 300 }],
      'max-lines-per-function': ['error', { max: 70 }],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'use named exports' },
        { selector: 'TSEnumDeclaration', message: 'use an as-const array and a union' },
      ],
      eqeqeq: 'error',
    },
  },
  {
    files: [
      'harness/analysis/**/*.ts',
      'harness/scenario/plan.ts',
      'harness/load/{schedule,keys}.ts',
      'reports/charts/**/*.ts',
    ],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { group: ['node:*', 'fs', 'fs/*', 'path', 'os'], message: NO_IO },
            // Of a run, its record: what carries it out and what watches it do I/O.
            { group: ['**/run/*', ...RECORD.map((name) => `!**/run/${name}.ts`)], message: NO_IO },
            { group: ['**/probes/*'], message: NO_IO },
          ],
        },
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: NO_IO },
        { object: 'Math', property: 'random', message: NO_IO },
        { object: 'performance', property: 'now', message: NO_IO },
      ],
    },
  },
  {
    files: ['**/*.test.ts', '**/*.fixture.ts'],
    rules: { 'max-lines': 'off', 'max-lines-per-function': 'off' },
  },
  { files: ['*.config.ts'], rules: { 'no-restricted-syntax': 'off' } },
)
