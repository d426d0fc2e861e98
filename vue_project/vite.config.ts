import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'
import { limitFirstLoad, packFiles } from './firstLoad.ts'

const server = process.env['MODELFOUNDRY_URL'] ?? 'http://127.0.0.1:8000'
const MAX_FIRST_LOAD_BYTES = 300_000

export default defineConfig({
  plugins: [
    vue(),
    limitFirstLoad('features/catalog/CatalogView.vue', MAX_FIRST_LOAD_BYTES),
    packFiles(),
  ],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  // The server compares a page's origin with the name that it was asked for by.
  server: { proxy: { '^/(api|livez)': { target: server, changeOrigin: false } } },
  build: { target: 'es2022', chunkSizeWarningLimit: 700 },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.ts', '*.test.ts'],
    server: { deps: { inline: ['vuetify'] } },
  },
})
