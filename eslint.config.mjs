import js from '@eslint/js';
import importX from 'eslint-plugin-import-x';
import ts from 'typescript-eslint';

// Rooms that hold calculations only: values in, values out. design: ARCHITECTURE.md, "Rooms".
const pureRooms = [
  'base',
  'lab',
  'script',
  'images',
  'vde',
  'qemu',
  'console',
  'dialogue',
  'guest',
  'diagram',
  'packets',
  'cluster',
  'language',
  'runtime',
];
const noPlatform = {
  patterns: [
    {
      group: ['node:*', 'vscode', 'execa', 'telnet-client', '@resvg/*', 'undici', '**/host/*'],
      message: 'Only host/ touches the machine.',
    },
  ],
};

export default ts.config(
  { ignores: ['dist', 'out', 'node_modules', 'tools/vscode-server'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [ts.configs.strictTypeChecked, ts.configs.stylisticTypeChecked],
    plugins: { 'import-x': importX },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    settings: { 'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] } },
    rules: {
      'import-x/no-cycle': 'error',
      'import-x/no-default-export': 'error',
      complexity: ['error', 15],
      'max-lines': ['error', 500],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidOperator: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
    },
  },
  { files: pureRooms.map(room => `extension/${room}/**`), rules: { 'no-restricted-imports': ['error', noPlatform] } },
  {
    files: ['extension/cli/**'],
    rules: { 'no-restricted-imports': ['error', noPlatform] },
  },
  {
    files: ['extension/vscode/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['node:*', 'execa', 'telnet-client', '@resvg/*', 'undici', '**/host/*'],
              message: 'Ask for a port of runtime/host.ts or of the *-ports.ts beside it.',
            },
          ],
        },
      ],
    },
  },
  // A module of text has to be declared with a default export: that is how bundlers give it.
  { files: ['**/*.d.ts'], rules: { 'import-x/no-default-export': 'off' } },
  {
    // Tests: long describe blocks and non-null assertions on what the test itself set up are fine.
    files: ['test/**', 'vitest.config.ts'],
    rules: {
      'max-lines-per-function': 'off',
      'import-x/no-default-export': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        URLSearchParams: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        fetch: 'readonly',
      },
    },
  },
);
