import { defineConfig } from '@playwright/test'
import tests from './playwright.config'

/** Takes the pictures of the documentation from the running program. */
export default defineConfig({
  ...tests,
  testIgnore: [],
  testMatch: '**/screenshots/**',
  timeout: 1_200_000,
})
