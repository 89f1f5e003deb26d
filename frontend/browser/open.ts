// Opens the gallery in Chromium, and notes whatever must not happen.
import { type Browser, type BrowserContextOptions, chromium } from 'playwright-core'

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
