// A sentence finds what pictures show: the shipped network, on drawings it never saw.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { address, launch, open, pictures, shown } from './open.ts'

let browser: Browser

beforeAll(async () => {
  browser = await launch()
})
afterAll(() => browser.close())

/** The years of what was found, in order: beaches are of 2023, snow is of 2022. */
const years = (page: Page) =>
  pictures(page).evaluateAll((links) =>
    links.map((link) => /20\d\d/.exec(link.ariaLabel ?? '')?.[0]),
  )

/** Waits for the network, which is loaded when it is first asked. */
const understood = (page: Page) =>
  page.getByText('Searched by meaning, tiny-clip').waitFor({ timeout: 50_000 })

it('finds beaches by a sentence, and no snow among them', async () => {
  const { page, wrong, close } = await open(browser, '/search?q=at+the+beach')
  await understood(page)
  await shown(page)
  const found = await years(page)
  expect(found.length).toBeGreaterThanOrEqual(6)
  expect(found.slice(0, 6)).toEqual(Array(6).fill('2023'))
  expect(wrong).toEqual([])
  await close()
})

it('finds snow by a picture of snow, itself first', async () => {
  const { page, wrong, close } = await open(browser, '/?to=2022-12-31')
  await shown(page)
  const id = await pictures(page).first().getAttribute('data-image')
  const original = await page.request.get(`${address}/api/images/${id}/original`)
  const file = {
    name: 'snow.png',
    mimeType: 'image/png',
    buffer: await original.body(),
  }
  await page.getByTestId('picture').setInputFiles(file)
  await page.getByText(/By meaning, tiny-clip/).waitFor({ timeout: 50_000 })
  await shown(page)
  expect(await pictures(page).first().getAttribute('data-image')).toBe(id)
  expect((await years(page)).slice(0, 4)).toEqual(Array(4).fill('2022'))
  expect(wrong).toEqual([])
  await close()
})
