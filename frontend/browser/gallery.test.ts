// A person browses the gallery: real Chromium, real API, real pictures.
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { address, axe, DESK, launch, open, PHONE, pictures, shown } from './open.ts'

let browser: Browser
let done: (() => Promise<void>)[] = []

beforeAll(async () => {
  browser = await launch()
})
afterEach(async () => {
  await Promise.all(done.map((close) => close()))
  done = []
})
afterAll(() => browser.close())

async function visit(path: string, options = {}) {
  const opened = await open(browser, path, { ...DESK, ...options })
  done.push(opened.close)
  return opened
}

/** How long a busy machine may take to show what was asked for. */
const SOON = { timeout: 15_000 }

const timeline = (page: Page) => page.getByTestId('timeline')

/** The pictures that lie fully within the window, by id. */
const inView = (page: Page) =>
  timeline(page).evaluate((box) => {
    const window = box.getBoundingClientRect()
    return [...box.querySelectorAll<HTMLElement>('[data-image]')]
      .filter((link) => {
        const { top, bottom } = link.getBoundingClientRect()
        return top >= window.top - 1 && bottom <= window.bottom + 1
      })
      .map((link) => link.dataset.image ?? '')
  })

/** The heading that lies at the upper edge of the window, if one does. */
const atTheTop = (page: Page) =>
  timeline(page).evaluate((box) => {
    const top = box.getBoundingClientRect().top
    const found = [...box.querySelectorAll('h2')].find(
      (heading) => Math.abs(heading.getBoundingClientRect().top - top) < 2,
    )
    return found?.textContent ?? ''
  })

const scrollTop = (page: Page) => timeline(page).evaluate((box) => box.scrollTop)

/** Scrolls as a wheel does until nothing more comes. */
async function scrollToTheEnd(page: Page) {
  await timeline(page).hover()
  for (let before = -1; before !== (await scrollTop(page)); ) {
    before = await scrollTop(page)
    for (let turn = 0; turn < 4; turn++) await page.mouse.wheel(0, 1500)
    await page.waitForTimeout(350)
  }
}

describe('the timeline', () => {
  it('shows pictures by day and ends with the oldest', async () => {
    const { page, wrong } = await visit('/')
    await shown(page)
    await page.getByRole('heading', { level: 2, name: /2024$/ }).first().waitFor()
    await scrollToTheEnd(page)
    await page.getByRole('heading', { name: 'January 2022' }).waitFor()
    const oldest = page.getByRole('link', { name: /^Photo, 8 January 2022, 10:30:00/ })
    expect(await oldest.isVisible()).toBe(true)
    expect(wrong).toEqual([])
  })

  it('draws only what is near the window', async () => {
    const { page } = await visit('/')
    await shown(page)
    expect(await pictures(page).count()).toBeLessThan(100)
  })

  it('lands on the month that is clicked on the scrubber, wherever that is', async () => {
    const { page } = await visit('/')
    await shown(page)
    const strip = page.getByRole('slider', { name: 'Date' })
    const box = await strip.boundingBox()
    if (!box) throw new Error('the scrubber is there')
    for (const fraction of [0.52, 0.13, 0.71, 0.4, 0.62, 0.27]) {
      const spot = { x: box.width / 2, y: fraction * box.height }
      await strip.hover({ position: spot })
      const said = await strip.locator('span').last().textContent()
      await strip.click({ position: spot })
      const [month = '', year = ''] = (said ?? '').split(' ')
      const landed = new RegExp(`^${month.slice(0, 3)}.* ${year}$`)
      await expect.poll(() => atTheTop(page), SOON).toMatch(landed)
    }
  })

  it('comes back to where it was, after another page', async () => {
    const { page } = await visit('/')
    await shown(page)
    await timeline(page).hover()
    await page.mouse.wheel(0, 2400)
    await page.waitForTimeout(500)
    const before = await inView(page)
    await page.getByRole('link', { name: 'Libraries' }).click()
    await page.getByRole('heading', { level: 1, name: 'Libraries' }).waitFor()
    await page.goBack()
    await expect.poll(() => inView(page), SOON).toEqual(before)
  })
})

describe('the viewer', () => {
  it('steps, closes, and leaves the last picture in view and focused', async () => {
    const { page, wrong } = await visit('/')
    await shown(page)
    await pictures(page).nth(2).click()
    await page.getByRole('dialog').waitFor()
    for (let step = 0; step < 15; step++) {
      const before = page.url()
      await page.getByRole('button', { name: 'Older' }).first().isEnabled()
      await page.waitForFunction(
        () =>
          !document.querySelector<HTMLButtonElement>('[aria-label=Older]')?.disabled,
      )
      await page.keyboard.press('ArrowRight')
      await page.waitForURL((url) => url.href !== before)
    }
    const last = page.url().split('/').at(-1) ?? ''
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await expect.poll(() => inView(page), SOON).toContain(last)
    const focused = await page.evaluate(
      () => (document.activeElement as HTMLElement).dataset.image,
    )
    expect(focused).toBe(last)
    expect(wrong).toEqual([])
  })

  it('is closed by Back, which restores the scroll position', async () => {
    const { page } = await visit('/')
    await shown(page)
    await timeline(page).hover()
    await page.mouse.wheel(0, 1800)
    await page.waitForTimeout(500)
    const before = await scrollTop(page)
    const [, second] = await inView(page)
    await page.locator(`[data-image="${second}"]`).click()
    await page.getByRole('dialog').waitFor()
    await page.goBack()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(Math.abs((await scrollTop(page)) - before)).toBeLessThanOrEqual(5)
  })

  it('opens from its own address, keeps filters, and closes to the timeline', async () => {
    const { page: first } = await visit('/?kind=picture')
    await shown(first)
    const id = await pictures(first).nth(6).getAttribute('data-image')
    const { page } = await visit(`/images/${id}?kind=picture`)
    await page.getByRole('img', { name: /^Photo, / }).waitFor()
    await page
      .getByText(/^\d+ of \d+$/)
      .first()
      .waitFor()
    await page.keyboard.press('ArrowLeft')
    await page.waitForURL((url) => !url.pathname.endsWith(String(id)))
    expect(new URL(page.url()).search).toBe('?kind=picture')
    await page.getByRole('button', { name: 'Back to the timeline' }).click()
    await page.waitForURL(`${address}/?kind=picture`)
  })

  it('zooms by keys, wheel and double click, up to the original', async () => {
    const { page } = await visit('/')
    await shown(page)
    await pictures(page).first().click()
    const stage = page.getByTestId('stage')
    await stage.waitFor()
    const scale = () => stage.getAttribute('data-scale')
    await page.keyboard.press('+')
    expect(Number(await scale())).toBeGreaterThan(1)
    await page.keyboard.press('0')
    expect(await scale()).toBe('1.00')
    await stage.hover()
    await page.mouse.wheel(0, -600)
    await page.waitForTimeout(100)
    expect(Number(await scale())).toBeGreaterThan(2)
    await page.getByTestId('original').waitFor()
    await stage.dblclick()
    expect(await scale()).toBe('1.00')
  })

  it('tells values with sources, files and problems, and hostile names as text', async () => {
    const { page, wrong } = await visit('/problems')
    const hostile = '<img src=x onerror=window.hacked=1>.jpg'
    await page.getByText(hostile).waitFor()
    await page.getByText('it ends <b>too</b> early').waitFor()
    await page.getByRole('link', { name: 'Show the image' }).click()
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('i')
    const panel = page.getByRole('complementary', { name: 'Information' })
    await panel.getByText(`Title of ${hostile}`).waitFor()
    await panel.getByText('Canon').waitFor()
    await panel.getByText('it ends <b>too</b> early').waitFor()
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false)
    expect(wrong).toEqual([])
  })

  it('plays a video from its original', async () => {
    const { page } = await visit('/?kind=video')
    await shown(page)
    await pictures(page).first().click()
    const video = page.locator('video')
    await video.waitFor()
    await video.evaluate((element: HTMLVideoElement) => {
      element.muted = true
      return element.play()
    })
    await page.waitForFunction(
      () => (document.querySelector('video')?.currentTime ?? 0) > 0.2,
    )
  })
})

describe('filters and folders', () => {
  it('are in the address and survive a reload', async () => {
    const { page } = await visit('/')
    await shown(page)
    await page.getByRole('button', { name: 'Filters' }).click()
    await page.getByLabel('Rating').selectOption('5')
    await page.waitForURL(`${address}/?rating=5`)
    await page.reload()
    await shown(page)
    await page.getByRole('link', { name: /^Remove the filter 5 stars/ }).click()
    await page.waitForURL(`${address}/`)
  })

  it('narrow to a folder of the tree, whatever its name', async () => {
    const { page, wrong } = await visit('/')
    const main = page.getByRole('navigation', { name: 'Main' })
    await main.getByRole('link', { name: /^<b>bold & co/ }).click()
    await page.waitForURL(
      (url) => url.searchParams.get('folder') === 'photos/<b>bold & co',
    )
    await shown(page)
    await page.getByText('<b>bold & co').first().waitFor()
    expect(wrong).toEqual([])
  })

  it('find words in names and titles', async () => {
    const { page } = await visit('/')
    await shown(page)
    await page.keyboard.press('/')
    await page.keyboard.type('IMG_0007')
    await page.waitForURL(/\/search\?q=IMG_0007/)
    await page.waitForFunction(
      () => document.querySelectorAll('[data-image]').length === 1,
    )
  })
})

it('is used by keyboard alone', async () => {
  const { page } = await visit('/')
  await shown(page)
  const onPicture = () =>
    page.evaluate(() => (document.activeElement as HTMLElement).dataset.image)
  for (let tab = 0; tab < 40 && !(await onPicture()); tab++) {
    await page.keyboard.press('Tab')
  }
  const first = await onPicture()
  expect(first).toBeDefined()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowRight')
  await page.waitForTimeout(200)
  const other = await onPicture()
  expect(other).not.toBe(first)
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor()
  expect(page.url()).toContain(other)
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.keyboard.press('End')
  await page.waitForFunction(() =>
    (document.activeElement as HTMLElement).ariaLabel?.includes('8 January 2022'),
  )
})

describe('everyone can use it', () => {
  const looks = [
    { name: 'a desk, light', options: { ...DESK, colorScheme: 'light' as const } },
    { name: 'a desk, dark', options: { ...DESK, colorScheme: 'dark' as const } },
    { name: 'a phone', options: PHONE },
  ]
  for (const { name, options } of looks) {
    it(`at ${name}: axe finds nothing on any page`, async () => {
      for (const path of [
        '/',
        '/?rating=5',
        '/problems',
        '/libraries',
        '/?q=nothing',
      ]) {
        const { page, wrong } = await visit(path, options)
        await page.waitForLoadState('networkidle')
        expect(await axe(page), path).toEqual([])
        expect(wrong).toEqual([])
      }
    })

    it(`at ${name}: axe finds nothing in the viewer`, async () => {
      const { page } = await visit('/', options)
      await shown(page)
      await pictures(page).first().click()
      await page.getByRole('dialog').waitFor()
      await page.keyboard.press('i')
      await page.getByText('Made by').waitFor()
      await page.waitForTimeout(300)
      expect(await axe(page)).toEqual([])
    })
  }

  it('follows the system from light to dark, and a choice against it', async () => {
    const { page } = await visit('/', { colorScheme: 'dark' })
    const ground = () =>
      page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    const dark = await ground()
    await page.getByRole('button', { name: 'Light theme' }).click()
    const light = await ground()
    expect(light).not.toBe(dark)
    await page.reload()
    expect(await ground()).toBe(light)
  })

  it('fits a phone: nothing scrolls sideways, and folders open in a drawer', async () => {
    const { page } = await visit('/', PHONE)
    await shown(page)
    const sideways = await page.evaluate(
      () => document.documentElement.scrollWidth - window.innerWidth,
    )
    expect(sideways).toBeLessThanOrEqual(0)
    await page.getByRole('button', { name: 'Menu' }).click()
    const drawer = page.getByRole('dialog', { name: 'Navigation' })
    await drawer.getByRole('link', { name: /^2024/ }).click()
    await page.waitForURL((url) => url.searchParams.get('folder') === 'photos/2024')
    await drawer.waitFor({ state: 'detached' })
  })
})
