// Opens the gallery in Chromium, and notes whatever must not happen.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import {
  type Browser,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core'

export const address = process.env.HOME_MEDIA_TEST_URL ?? 'http://127.0.0.1:8000'

/** Quiet, headless, and asking nobody anything. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: FLAGS,
  })

export const DESK = { viewport: { width: 1440, height: 900 } }
export const PHONE = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 3,
  hasTouch: true,
  isMobile: true,
}

/** A page at a path, once its first pictures are there; `wrong` collects what went wrong. */
export async function open(
  browser: Browser,
  path: string,
  options: BrowserContextOptions = DESK,
) {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  const wrong: string[] = []
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (url.origin !== address) wrong.push(`left the origin: ${url.href.slice(0, 200)}`)
  })
  page.on('pageerror', (error) => wrong.push(`threw: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error') wrong.push(`console: ${message.text()}`)
  })
  await page.goto(address + path)
  return { page, wrong, close: () => context.close() }
}

export const pictures = (page: Page) => page.locator('[data-image]')

/** Waits for the first picture to be painted. */
export const shown = (page: Page) =>
  page.waitForFunction(() =>
    [...document.querySelectorAll<HTMLImageElement>('[data-image] img')].some(
      (image) => image.complete && image.naturalWidth > 0,
    ),
  )

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/** What axe says is wrong, shortly. */
export async function axe(page: Page) {
  // Playwright's own world, so that the page's content security policy stays as it is.
  await page.evaluate(readFileSync(AXE, 'utf8'))
  return page.evaluate(async () => {
    type Finding = { id: string; nodes: { html: string }[] }
    const { axe } = window as unknown as {
      axe: { run: () => Promise<{ violations: Finding[] }> }
    }
    const { violations } = await axe.run()
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)}`)
  })
}
