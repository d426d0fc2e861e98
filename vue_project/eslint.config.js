import { defineConfig, globalIgnores } from 'eslint/config'
import vue from 'eslint-plugin-vue'
import ts from 'typescript-eslint'
import prettier from 'eslint-config-prettier'

/** Folders from the bottom up; each may import only from those before it. */
const layers = ['lib', 'api', 'stores', 'composables', 'ui', 'features', 'app']

const vuetify = {
  group: ['vuetify', 'vuetify/**'],
  message: 'Only ui/ and app/ know Vuetify; use or add a Ui component.',
}

const importsPointDown = layers.map((layer, height) => ({
  files: [`src/${layer}/**/*.{ts,vue}`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          { regex: '^\\.\\./', message: 'Use @/ across folders, ./ inside one.' },
          ...layers.slice(height + 1).map((above) => ({
            group: [`@/${above}/**`],
            message: `${layer}/ may not import from ${above}/.`,
          })),
          ...(layer === 'features'
            ? [
                {
                  group: ['@/features/**'],
                  message: 'Features do not import each other; compose them in app/.',
                },
              ]
            : []),
          ...(['ui', 'app'].includes(layer) ? [] : [vuetify]),
        ],
      },
    ],
  },
}))

export default defineConfig(
  globalIgnores(['dist', 'src/api/schema.d.ts', 'test-results']),
  ts.configs.strict,
  vue.configs['flat/recommended'],
  { files: ['**/*.vue'], languageOptions: { parserOptions: { parser: ts.parser } } },
  {
    rules: {
      'no-undef': 'off', // vue-tsc knows better
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/define-props-declaration': ['error', 'type-based'],
      'vue/define-emits-declaration': ['error', 'type-based'],
      'vue/no-v-html': 'error',
      'vue/require-default-prop': 'off', // absent props are undefined, and typed so
    },
  },
  ...importsPointDown,
  prettier,
)
