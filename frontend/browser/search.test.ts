// A person looks for something: by words, by subject, by a picture, by what is alike.
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

const inBand = (page: Page, name: string) =>
  page.getByRole('grid', { name }).locator('[data-image]')
const focused = (page: Page) =>
  page.evaluate(() => (document.activeElement as HTMLElement).dataset.image)
const layer = (page: Page) => page.getByRole('list', { name: 'Objects', exact: true })

/** The viewer of the first picture that shows a truck, with objects drawn. */
async function openTruck(options = {}) {
  const opened = await visit('/search?q=truck', options)
  await shown(opened.page)
  await pictures(opened.page).first().click()
  await opened.page.getByRole('dialog').waitFor()
  await opened.page.getByRole('button', { name: 'Objects' }).click()
  await layer(opened.page).waitFor()
  return opened
}

describe('search', () => {
  it('by meaning shows what is likely, then what is possible, and ends', async () => {
    const { page, wrong } = await visit('/')
    await shown(page)
    await page.keyboard.press('/')
    await page.keyboard.type('beach')
    await page.waitForURL(`${address}/search?q=beach`)
    await page.getByText('Searched by meaning, three-colours').waitFor()
    expect(await inBand(page, 'likely').count()).toBe(15)
    expect(await inBand(page, 'Possible').count()).toBe(15)
    const [above, below] = await Promise.all([
      inBand(page, 'likely').last().boundingBox(),
      inBand(page, 'Possible').first().boundingBox(),
    ])
    expect(below?.y).toBeGreaterThan((above?.y ?? 0) + (above?.height ?? 0))
    expect(wrong).toEqual([])
  })

  it('knows subjects by their names in two languages, and leads to their timeline', async () => {
    const { page } = await visit('/search?q=LKW', { locale: 'de-DE' })
    await page.getByRole('link', { name: 'Lastwagen · 50 pictures' }).click()
    await page.waitForURL(`${address}/?taxon=vehicle.truck`)
    await shown(page)
    await page.getByRole('link', { name: 'Remove the filter Lastwagen' }).waitFor()
  })

  it('combines with filters', async () => {
    const { page } = await visit('/search?q=beach&folder=photos%2F2022%2Fgarden')
    await shown(page)
    expect(await inBand(page, 'likely').count()).toBe(4)
    await page.getByRole('button', { name: 'Filters' }).click()
    await page.getByLabel('Label').selectOption('truck')
    await page.waitForURL(/label=truck/)
    await page.waitForFunction(
      () => document.querySelectorAll('[aria-label=likely] [data-image]').length === 2,
    )
    expect(new URL(page.url()).pathname).toBe('/search')
  })

  it('finds nothing where nothing fits, and says so', async () => {
    const { page, wrong } = await visit('/search?q=xyzzy&kind=picture')
    await page.getByRole('heading', { name: 'Nothing fits “xyzzy”' }).waitFor()
    await page.getByRole('link', { name: 'Search all' }).click()
    await page.waitForURL(`${address}/search?q=xyzzy`)
    expect(wrong).toEqual([])
  })

  it('drops the question when a better one is typed', async () => {
    const { page } = await visit('/')
    await shown(page)
    const dropped: string[] = []
    page.on('requestfailed', (request) => dropped.push(request.url()))
    await page.route(/api\/search\?q=bea&/, async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 2_000))
      await route.continue().catch(() => undefined) // it was dropped meanwhile
    })
    await page.keyboard.press('/')
    await page.keyboard.type('bea')
    await page.waitForRequest(/api\/search\?q=bea&/)
    await page.keyboard.type('ch')
    await page.getByText('Searched by meaning').waitFor()
    expect(dropped.filter((url) => url.includes('q=bea&'))).toHaveLength(1)
  })

  it('opens the viewer in its own order, and Back is where one was', async () => {
    const { page } = await visit('/search?q=LKW')
    await shown(page)
    const results = page.getByTestId('results')
    await results.hover()
    await page.mouse.wheel(0, 1200)
    await page.waitForTimeout(300)
    const before = await results.evaluate((box) => box.scrollTop)
    const order = await pictures(page).evaluateAll((links) =>
      links.map((link) => (link as HTMLElement).dataset.image),
    )
    await pictures(page).nth(20).click()
    await page.getByText('21 of 50').first().waitFor()
    await page.keyboard.press('ArrowRight')
    await page.waitForURL((url) => url.pathname === `/search/${order[21]}`)
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.waitForFunction(
      (id) => (document.activeElement as HTMLElement).dataset.image === id,
      order[21],
    )
    const after = await results.evaluate((box) => box.scrollTop)
    expect(Math.abs(after - before)).toBeLessThan(300)
    await page.getByRole('link', { name: 'Libraries' }).click()
    await page.getByRole('heading', { level: 1, name: 'Libraries' }).waitFor()
    await page.goBack()
    await shown(page)
    expect(await results.evaluate((box) => box.scrollTop)).toBe(after)
  })

  it('is used by keyboard alone', async () => {
    const { page } = await visit('/')
    await shown(page)
    await page.keyboard.press('/')
    await page.keyboard.type('beach')
    await page.keyboard.press('Enter')
    await page.getByText('Searched by meaning').waitFor()
    for (let tab = 0; tab < 12 && !(await focused(page)); tab++) {
      await page.keyboard.press('Tab')
    }
    const first = await focused(page)
    expect(first).toBe(await pictures(page).first().getAttribute('data-image'))
    await page.keyboard.press('End')
    expect(await focused(page)).toBe(
      await inBand(page, 'Possible').last().getAttribute('data-image'),
    )
    await page.keyboard.press('Home')
    await page.keyboard.press('ArrowRight')
    const second = await focused(page)
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    expect(page.url()).toBe(`${address}/search/${second}?q=beach`)
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await focused(page)).toBe(second)
  })

  it('by a picture, or a part of it: chosen or dropped, compared and not kept', async () => {
    const { page, wrong } = await visit('/')
    await shown(page)
    const png = await page.evaluate(async () => {
      const canvas = new OffscreenCanvas(64, 48)
      const pen = canvas.getContext('2d')
      if (!pen) throw new Error('a canvas can be drawn on')
      pen.fillStyle = 'blue' // as the sea is
      pen.fillRect(0, 0, 64, 48)
      const blob = await canvas.convertToBlob()
      return [...new Uint8Array(await blob.arrayBuffer())]
    })
    const file = { name: 'sea.png', mimeType: 'image/png', buffer: Buffer.from(png) }
    await page.getByTestId('picture').setInputFiles(file)
    await page.getByRole('heading', { name: 'Like sea.png' }).waitFor()
    await shown(page)
    expect(await pictures(page).count()).toBe(2)
    await page.reload()
    await page.getByRole('heading', { name: 'That picture is gone' }).waitFor()

    await page.evaluate((bytes) => {
      const held = new DataTransfer()
      held.items.add(
        new File([Uint8Array.from(bytes)], 'dropped.png', { type: 'image/png' }),
      )
      const event = { dataTransfer: held, bubbles: true, cancelable: true }
      document.body.dispatchEvent(new DragEvent('dragenter', event))
      document.body.dispatchEvent(new DragEvent('drop', event))
    }, png)
    await page.getByRole('heading', { name: 'Like dropped.png' }).waitFor()
    await shown(page)

    await page.getByRole('button', { name: 'A part of it' }).click()
    expect(await axe(page)).toEqual([])
    const part = page.getByTestId('part')
    await part.dragTo(part, {
      sourcePosition: { x: 4, y: 4 },
      targetPosition: { x: 40, y: 30 },
    })
    await page.getByRole('button', { name: 'Search', exact: true }).click()
    await page.getByRole('heading', { name: 'Like a part of dropped.png' }).waitFor()
    await shown(page)
    expect(wrong).toEqual([])
  })

  it('by what is no picture is refused in words, by the page or by the server', async () => {
    const { page } = await visit('/')
    await shown(page)
    const notes = {
      name: 'notes.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('x'),
    }
    await page.getByTestId('picture').setInputFiles(notes)
    await page.getByText('“notes.txt” is not a picture.').waitFor()
    await page.getByRole('button', { name: 'Close', exact: true }).click()
    await page.getByTestId('picture').setInputFiles({ ...notes, mimeType: 'image/png' })
    await page.getByText('This picture cannot be searched by').waitFor()
  })
})

describe('subjects', () => {
  it('narrow the timeline from the sidebar, and say what they count', async () => {
    const { page, wrong } = await visit('/')
    await shown(page)
    const main = page.getByRole('navigation', { name: 'Main' })
    await main.getByRole('button', { name: 'Subjects in Vehicle' }).click()
    await main.getByRole('link', { name: 'Truck 50' }).click()
    await page.waitForURL(`${address}/?taxon=vehicle.truck`)
    await page.getByRole('link', { name: 'Remove the filter Truck' }).waitFor()
    await shown(page)
    await pictures(page).first().click()
    await page.getByText('1 of 50').first().waitFor()
    await page.keyboard.press('i')
    const panel = page.getByRole('complementary', { name: 'Information' })
    const chip = panel.getByRole('link', {
      name: /^Truck\. Seen in the picture, 91 % sure/,
    })
    expect(await chip.getAttribute('href')).toBe('/?taxon=vehicle.truck')
    expect(wrong).toEqual([])
  })
})

describe('objects', () => {
  it('are outlined, named on hover, and follow the zoom', async () => {
    const { page, wrong } = await openTruck()
    const truck = layer(page).getByRole('button', { name: 'Truck, 91 % sure' })
    await truck.hover()
    await page.getByText('Truck 91 %').waitFor()
    const mask = page.locator('canvas[data-painted]')
    await mask.waitFor({ state: 'attached' })
    const alphas = await mask.evaluate((canvas: HTMLCanvasElement) => {
      const copy = new OffscreenCanvas(canvas.width, canvas.height)
      const pen = copy.getContext('2d')
      pen?.drawImage(canvas, 0, 0)
      const alpha = (x: number, y: number) => pen?.getImageData(x, y, 1, 1).data[3]
      return [alpha(canvas.width / 2, canvas.height / 2), alpha(1, 1)]
    })
    expect(alphas).toEqual([255, 0])
    const before = await truck.boundingBox()
    await page.keyboard.press('+')
    const after = await truck.boundingBox()
    expect((after?.width ?? 0) / (before?.width ?? 1)).toBeCloseTo(1.5, 1)
    expect(wrong).toEqual([])
  })

  it('stay shown from picture to picture, and after a reload, until b is pressed', async () => {
    const { page } = await openTruck()
    await page.keyboard.press('ArrowRight')
    await page.getByText('2 of 50').first().waitFor()
    await layer(page).waitFor()
    await page.reload()
    await layer(page).waitFor()
    await page.keyboard.press('b')
    await layer(page).waitFor({ state: 'detached' })
  })

  it('are reached by keyboard, and lead to more like them', async () => {
    const { page, wrong } = await openTruck()
    const named = () =>
      page.evaluate(() => document.activeElement?.getAttribute('aria-label'))
    for (let tab = 0; tab < 12 && (await named()) !== 'Truck, 91 % sure'; tab++) {
      await page.keyboard.press('Tab')
    }
    await page.keyboard.press('Enter')
    const panel = page.getByRole('region', { name: 'Truck, 91 % sure' })
    await panel.waitFor()
    await page.keyboard.press('Escape')
    await panel.waitFor({ state: 'detached' })
    expect(await named()).toBe('Truck, 91 % sure')
    await page.keyboard.press('Enter')
    await panel.getByRole('link', { name: 'More like this' }).click()
    await page.getByRole('heading', { name: 'More like this' }).waitFor()
    await shown(page)
    expect(await pictures(page).first().getAttribute('aria-label')).toMatch(
      /truck, .* alike$/,
    )
    await page.goBack()
    await page.getByRole('dialog').waitFor()
    expect(wrong).toEqual([])
  })

  it('of a video are listed by time; a click goes there and shows their boxes', async () => {
    const { page } = await visit('/?kind=video')
    await shown(page)
    await pictures(page).first().click()
    await page.locator('video').waitFor()
    await page.keyboard.press('b')
    const times = page.getByRole('list', { name: 'Objects by time' })
    await times.getByRole('button', { name: /0:02\s*Person/ }).click()
    await page.waitForFunction(
      () => (document.querySelector('video')?.currentTime ?? 0) > 1.2,
    )
    await page.getByRole('button', { name: 'Person, 80 % sure' }).waitFor()
  })
})

it('shows what looks alike: s in the viewer, its own order, and Back', async () => {
  const { page, wrong } = await visit('/search?q=beach')
  await shown(page)
  await pictures(page).first().click()
  await page.getByRole('dialog').waitFor()
  const opened = page.url()
  await page.keyboard.press('s')
  await page.getByRole('heading', { name: 'Similar pictures' }).waitFor()
  await shown(page)
  await pictures(page).first().click()
  await page
    .getByText(/^1 of \d+$/)
    .first()
    .waitFor()
  await page.getByRole('button', { name: 'Back to the results' }).click()
  await page.getByRole('button', { name: 'Back', exact: true }).click()
  await page.waitForURL(opened)
  await page.getByRole('dialog').waitFor()
  expect(wrong).toEqual([])
})

it('says who looks at the pictures, and how far they are', async () => {
  const { page } = await visit('/libraries')
  const models = page.getByRole('region', { name: 'Models' })
  await models.getByText('yolo26n-seg').waitFor()
  const bar = models.getByRole('progressbar', { name: 'Active: yolo26n-seg' })
  expect(await bar.getAttribute('aria-valuetext')).toBe('151 of 151')
})

it('says which machines have a graphics card, and what waits for them', async () => {
  const { page, wrong } = await visit('/libraries')
  const agents = page.getByRole('region', { name: 'Agents' })
  await agents.getByText('RTX 4090 · 16 GB').waitFor()
  expect(await agents.textContent()).toMatch(
    /1,204 pictures in 40 folders to look at · 2 runs queued · about 2 hours of work/,
  )
  expect(wrong).toEqual([])
})

describe('everyone can use it', () => {
  const looks = [
    { name: 'a desk, light', options: { ...DESK, colorScheme: 'light' as const } },
    { name: 'a desk, dark', options: { ...DESK, colorScheme: 'dark' as const } },
    { name: 'a phone', options: PHONE },
  ]
  for (const { name, options } of looks) {
    it(`at ${name}: axe finds nothing among results and objects`, async () => {
      for (const path of [
        '/search',
        '/search?q=beach',
        '/search?q=LKW&kind=picture',
        '/search?q=xyzzy',
        '/?taxon=vehicle.truck&label=truck',
      ]) {
        const { page, wrong } = await visit(path, options)
        await page.waitForLoadState('networkidle')
        expect(await axe(page), path).toEqual([])
        expect(wrong).toEqual([])
      }
      const { page } = await openTruck(options)
      await layer(page).getByRole('button', { name: 'Truck, 91 % sure' }).click()
      await page.getByRole('link', { name: 'More like this' }).waitFor()
      expect(await axe(page), 'the viewer').toEqual([])
      await page.getByRole('link', { name: 'More like this' }).click()
      await shown(page)
      expect(await axe(page), 'more like this').toEqual([])
      const sideways = await page.evaluate(
        () => document.documentElement.scrollWidth - window.innerWidth,
      )
      expect(sideways).toBeLessThanOrEqual(0)
    })
  }
})
