// How soon the first page shows its largest content, and how much script it fetches for that.
//
//     modelfoundry serve &
//     node benchmarks/page_load.mjs [URL] [--loads 5]
//
// Each load is that of a first visit: a new browser profile with nothing in its cache.
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { parseArgs } from 'node:util'

const require = createRequire(new URL('../vue_project/package.json', import.meta.url))
const { chromium } = require('@playwright/test')

const { values, positionals } = parseArgs({
  options: { loads: { type: 'string', default: '5' }, help: { type: 'boolean' } },
  allowPositionals: true,
})
if (values.help) {
  console.log('usage: node benchmarks/page_load.mjs [URL] [--loads 5]')
  process.exit()
}
const url = positionals[0] ?? 'http://127.0.0.1:8000/'
const installed = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const executablePath = process.env.CHROMIUM_PATH ?? installed.find((path) => existsSync(path))

/** Runs in the page. */
async function measure() {
  const paints = await new Promise((resolve) => {
    new PerformanceObserver((list) => resolve(list.getEntries())).observe({
      type: 'largest-contentful-paint',
      buffered: true,
    })
  })
  const scripts = performance
    .getEntriesByType('resource')
    .filter(({ name }) => new URL(name).pathname.endsWith('.js'))
  return {
    largestMs: paints.at(-1).startTime,
    scriptBytes: scripts.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
  }
}

async function visit(browser) {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(url, { waitUntil: 'networkidle' })
  const measured = await page.evaluate(measure)
  await context.close()
  return measured
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
const visits = []
for (let load = 0; load < Number(values.loads); load++) visits.push(await visit(browser))
await browser.close()
const times = visits.map(({ largestMs }) => largestMs)
console.log(
  `largest content after ${median(times).toFixed(0)} ms (median of ${times.length} loads,`,
)
console.log(`  ${Math.min(...times).toFixed(0)} to ${Math.max(...times).toFixed(0)} ms)`)
console.log(`script fetched: ${(visits[0].scriptBytes / 1000).toFixed(0)} kB, as sent`)
