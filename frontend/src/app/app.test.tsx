// The gallery as a person meets it, against a faked network.
import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { HttpResponse, http } from 'msw'
import { describe, expect, it } from 'vitest'
import { AGENTS } from '@/testing/drawn-agents'
import { drawDetail, drawFolder, drawProblem } from '@/testing/drawn-library'
import { renderApp } from '@/testing/render-app'
import { images, server } from '@/testing/server'

const links = () => screen.findAllByRole('link', { name: /^(Photo|Video), / })

describe('the timeline', () => {
  it('names every picture by what and when', async () => {
    renderApp()
    const [first] = await links()
    expect(first?.getAttribute('aria-label')).toMatch(/^Photo, 14 July 2024, /)
  })

  it('is one stop for Tab, and arrows move within', async () => {
    renderApp()
    const all = await links()
    expect(all.filter(({ tabIndex }) => tabIndex === 0)).toHaveLength(1)
    all[0]?.focus()
    await userEvent.keyboard('{ArrowRight}')
    await waitFor(() => expect(document.activeElement).toBe(all[1]))
  })

  it('says that nothing is there yet, instead of a blank page', async () => {
    server.use(
      http.get('*/api/timeline', () => HttpResponse.json({ buckets: [], count: 0 })),
    )
    renderApp()
    expect(await screen.findByText('No pictures yet')).toBeDefined()
  })

  it('ignores what an address says that is no filter', async () => {
    renderApp('/?info=1&constructor=x')
    expect(await links()).not.toHaveLength(0)
  })

  it('says that nothing matches, and offers everything', async () => {
    server.use(
      http.get('*/api/timeline', () => HttpResponse.json({ buckets: [], count: 0 })),
    )
    renderApp('/?kind=video')
    expect(await screen.findByText('Nothing matches')).toBeDefined()
  })

  it('says why it could not be loaded, and tries again when asked', async () => {
    server.use(
      http.get(
        '*/api/timeline',
        () => HttpResponse.json({ detail: 'The database is away.' }, { status: 503 }),
        { once: true },
      ),
    )
    renderApp()
    expect(await screen.findByText('The database is away.')).toBeDefined()
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }))
    expect(await links()).not.toHaveLength(0)
  })
})

describe('filters', () => {
  it('go into the address and to the API', async () => {
    const asked: string[] = []
    server.use(
      http.get('*/api/timeline', ({ request }) => {
        asked.push(new URL(request.url).search)
        return HttpResponse.json({ buckets: [], count: 0 })
      }),
    )
    const router = renderApp('/?rating=4')
    await userEvent.click(await screen.findByRole('button', { name: 'Filters' }))
    await userEvent.selectOptions(screen.getByLabelText('Kind'), 'video')
    await waitFor(() =>
      expect(router.state.location.searchStr).toBe('?kind=video&rating=4'),
    )
    await waitFor(() => expect(asked.at(-1)).toContain('kind=video'))
    await userEvent.click(
      screen.getByRole('link', { name: 'Remove the filter 4 stars or more' }),
    )
    await waitFor(() => expect(router.state.location.searchStr).toBe('?kind=video'))
  })

  it('offer labels with their counts', async () => {
    renderApp('/?label=dog')
    await userEvent.click(await screen.findByRole('button', { name: 'Filters' }))
    const label = await screen.findByLabelText<HTMLSelectElement>('Label')
    await within(label).findByRole('option', { name: 'dog (52)' })
    expect(label.value).toBe('dog')
  })
})

describe('search', () => {
  it('leads to a page of its own a moment after typing, and keeps filters', async () => {
    const router = renderApp('/?kind=picture')
    await userEvent.type(await screen.findByRole('textbox'), 'beach dog')
    await waitFor(() =>
      expect(router.state.location.href).toBe('/search?kind=picture&q=beach+dog'),
    )
    await userEvent.click(screen.getByRole('button', { name: 'Clear the search' }))
    await waitFor(() => expect(router.state.location.href).toBe('/?kind=picture'))
  })

  it('shows what is likely, then what is possible', async () => {
    renderApp('/search?q=beach')
    expect(await screen.findByText(/^Searched by meaning/)).toBeDefined()
    const likely = screen.getByRole('grid', { name: 'likely' })
    const possible = screen.getByRole('grid', { name: 'Possible' })
    expect(within(likely).getAllByRole('link').length).toBeGreaterThan(5)
    expect(within(possible).getAllByRole('link').length).toBeGreaterThan(0)
    const stops = [...(await links())].filter(({ tabIndex }) => tabIndex === 0)
    expect(stops).toHaveLength(1)
  })

  it('says what it took words to mean, with a way to the timeline of that', async () => {
    const router = renderApp('/search?q=truck&kind=picture')
    await userEvent.click(
      await screen.findByRole('link', { name: 'Truck · 23 pictures' }),
    )
    await waitFor(() =>
      expect(router.state.location.href).toBe('/?kind=picture&taxon=vehicle.truck'),
    )
  })

  it('says calmly why meaning was not searched', async () => {
    renderApp('/search?q=off+beach')
    const why = /The weights of siglip2-b16-256 are not on this machine/
    expect(await screen.findByText(why)).toBeDefined()
  })

  it('ends in nothing when nothing fits, and offers to drop the filters', async () => {
    const router = renderApp('/search?q=submarine&kind=video')
    expect(await screen.findByText('Nothing fits “submarine”')).toBeDefined()
    await userEvent.click(screen.getByRole('link', { name: 'Search all' }))
    await waitFor(() => expect(router.state.location.href).toBe('/search?q=submarine'))
  })

  it('takes over addresses of the timeline that search', async () => {
    const router = renderApp('/?q=beach')
    await waitFor(() => expect(router.state.location.href).toBe('/search?q=beach'))
  })

  it('opens the viewer in the sequence of its results', async () => {
    const router = renderApp('/search?q=beach')
    await screen.findByText(/^Searched by meaning/)
    const [first, second] = await links()
    await userEvent.click(first as HTMLElement)
    await screen.findAllByText(/^1 of 1\d$/)
    expect(router.state.location.href).toBe(first?.getAttribute('href'))
    await userEvent.keyboard('{ArrowRight}')
    await waitFor(() =>
      expect(router.state.location.href).toBe(second?.getAttribute('href')),
    )
  })

  it('refuses what is no picture, in words', async () => {
    renderApp()
    const notes = new File(['x'], 'notes.txt', { type: 'text/plain' })
    const chooser = await screen.findByTestId('picture')
    await userEvent.upload(chooser, notes, { applyAccept: false })
    expect(await screen.findByText('“notes.txt” is not a picture.')).toBeDefined()
  })
})

describe('subjects', () => {
  it('open as a tree and narrow the timeline; a second click widens it again', async () => {
    const router = renderApp('/?rating=4')
    await userEvent.click(
      await screen.findByRole('button', { name: 'Subjects in Vehicle' }),
    )
    const truck = screen.getByRole('link', { name: 'Truck 23' })
    await userEvent.click(truck)
    await waitFor(() =>
      expect(router.state.location.href).toBe('/?rating=4&taxon=vehicle.truck'),
    )
    expect(screen.getByRole('link', { name: 'Remove the filter Truck' })).toBeDefined()
    await userEvent.click(screen.getByRole('link', { name: 'Truck 23' }))
    await waitFor(() => expect(router.state.location.href).toBe('/?rating=4'))
  })
})

describe('the viewer', () => {
  const [first, second] = images
  if (!first || !second) throw new Error('images were drawn')

  it('has an address of its own and steps with arrow keys, keeping filters', async () => {
    const router = renderApp(`/images/${first.image_id}?rating=4`)
    await screen.findAllByText('1 of 60')
    await userEvent.keyboard('{ArrowRight}')
    await waitFor(() =>
      expect(router.state.location.href).toBe(`/images/${second.image_id}?rating=4`),
    )
    await userEvent.keyboard('{ArrowLeft}')
    await waitFor(() =>
      expect(router.state.location.href).toBe(`/images/${first.image_id}?rating=4`),
    )
  })

  it('shows values with their sources when asked', async () => {
    renderApp(`/images/${first.image_id}`)
    await screen.findAllByText('1 of 60')
    await userEvent.keyboard('i')
    const panel = await screen.findByRole('complementary', { name: 'Information' })
    expect(await within(panel).findByText('An evening by the harbour')).toBeDefined()
    expect(within(panel).getAllByText('DSC_0412.xmp').length).toBeGreaterThan(1)
  })

  it('draws objects when asked, remembers that, and says what one is', async () => {
    renderApp(`/images/${first.image_id}`)
    await screen.findAllByText('1 of 60')
    await userEvent.keyboard('b')
    const truck = await screen.findByRole('button', { name: 'Truck, 91 % sure' })
    await userEvent.hover(truck)
    expect(screen.getByText('Truck 91 %')).toBeDefined()
    await userEvent.click(truck)
    const panel = screen.getByRole('region', { name: 'Truck, 91 % sure' })
    const more = within(panel).getByRole('link', { name: 'More like this' })
    expect(more.getAttribute('href')).toMatch(/^\/detections\/.+\/similar$/)
    expect(localStorage.getItem('boxes')).toBe('on')
    await userEvent.keyboard('b')
    expect(screen.queryByRole('button', { name: 'Truck, 91 % sure' })).toBeNull()
  })

  it('plays the film of a picture that has one, and shows the picture again', async () => {
    const motion = {
      url: `/api/images/${first.image_id}/motion`,
      embedded: true,
      file_id: '0190b0f6-3a1c-8b1e-9c55-2f0f3a7d9a01',
      size: 2_345_678,
    }
    server.use(
      http.get(`*/api/images/${first.image_id}`, () =>
        HttpResponse.json({ ...drawDetail(first), motion }),
      ),
    )
    renderApp(`/images/${first.image_id}`)
    await screen.findAllByText('1 of 60')
    const play = await screen.findByLabelText('Play the film')
    expect(play.getAttribute('aria-pressed')).toBe('false')
    await userEvent.click(play)
    expect(play.getAttribute('aria-pressed')).toBe('true')
    fireEvent.ended(screen.getByLabelText(/^Film of Photo, /))
    expect(screen.queryByLabelText(/^Film of Photo, /)).toBeNull()
    await userEvent.keyboard('m')
    expect(screen.getByLabelText(/^Film of Photo, /)).toBeDefined()
  })

  it('offers no film where there is none', async () => {
    renderApp(`/images/${first.image_id}`)
    await screen.findAllByText('1 of 60')
    await screen.findByText(/DSC_0412.JPG/)
    expect(screen.queryByLabelText('Play the film')).toBeNull()
  })

  it('leads to what looks alike', async () => {
    const router = renderApp(`/images/${first.image_id}`)
    await screen.findAllByText('1 of 60')
    await userEvent.keyboard('s')
    await screen.findByRole('heading', { name: 'Similar pictures' })
    expect(router.state.location.href).toBe(`/images/${first.image_id}/similar`)
    expect((await links()).length).toBeGreaterThan(10)
  })

  it('says so when there is no such image', async () => {
    renderApp('/images/nothing')
    expect(await screen.findByText('There is no such image.')).toBeDefined()
  })
})

it('lists problems with reason, attempts, file and folder, as plain text', async () => {
  const hostile = '<img src=x onerror=alert(1)>.jpg'
  server.use(
    http.get('*/api/problems', () =>
      HttpResponse.json({
        problems: [drawProblem(hostile, 'It ends <b>too</b> early.')],
        next: null,
        count: 1,
      }),
    ),
  )
  renderApp('/problems')
  expect(await screen.findByText(hostile)).toBeDefined()
  expect(screen.getByText('It ends <b>too</b> early.')).toBeDefined()
  expect(screen.getByText('photos/2024/beach')).toBeDefined()
  expect(screen.getByText('1 attempt, not tried again')).toBeDefined()
})

it('says why a library is unreachable', async () => {
  server.use(
    http.get('*/api/libraries', () =>
      HttpResponse.json([
        {
          library: 'photos',
          root: '/mnt/nas',
          state: 'unreachable',
          reason: 'The root is empty.',
          folders: 0,
          files: 0,
          images: 0,
        },
      ]),
    ),
  )
  renderApp('/libraries')
  expect(await screen.findByText('The root is empty.')).toBeDefined()
})

it('shows who looks at the pictures, how far, and what waits', async () => {
  renderApp('/libraries')
  expect(await screen.findByText('Waits for the GPU, which is off.')).toBeDefined()
  const filling = screen.getByRole('progressbar', { name: 'Filling: clip-b32-256' })
  expect(filling.getAttribute('aria-valuetext')).toBe('731 of 2,000')
})

it('shows machines with a graphics card, and what waits for them', async () => {
  const masks = { fresh: 1, stale: 0, failed: 0, waiting: 39 }
  server.use(
    http.get('*/api/agents', () => HttpResponse.json(AGENTS)),
    http.get('*/api/libraries', () =>
      HttpResponse.json([
        {
          library: 'photos',
          root: '/mnt/nas',
          state: 'reachable',
          reason: null,
          folders: 1,
          files: 40,
          images: 40,
        },
      ]),
    ),
    http.get('*/api/folders', () =>
      HttpResponse.json({
        folders: [drawFolder('2024/beach', 40, { assets: { masks } })],
        next: null,
      }),
    ),
  )
  renderApp('/libraries')
  const section = await screen.findByRole('region', { name: 'Agents' })
  expect(section.textContent).toContain('asleep or away')
  expect(section.textContent).toContain('NVIDIA GeForce RTX 4090 Laptop GPU · 16 GB')
  expect(section.textContent).toContain('1,204 pictures in 40 folders to look at')
  expect(section.textContent).toContain('No such image: home-media-worker:0.1.0')
  expect(
    await screen.findByRole('img', { name: 'masks: 1 fresh, 39 waiting for GPU' }),
  ).toBeDefined()
})

it('says nothing of agents in a house that has none', async () => {
  renderApp('/libraries')
  await screen.findByRole('region', { name: 'Models' })
  expect(screen.queryByRole('region', { name: 'Agents' })).toBe(null)
})

it('explains the keys when ? is pressed', async () => {
  renderApp()
  await links()
  await userEvent.keyboard('?')
  expect(await screen.findByRole('dialog', { name: 'Keyboard' })).toBeDefined()
})
