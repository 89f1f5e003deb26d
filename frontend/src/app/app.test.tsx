// The gallery as a person meets it, against a faked network.
import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { HttpResponse, http } from 'msw'
import { describe, expect, it } from 'vitest'
import { drawProblem } from '@/testing/drawn-library'
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

  it('search a moment after typing', async () => {
    const router = renderApp()
    await userEvent.type(await screen.findByRole('textbox'), 'beach dog')
    await waitFor(() => expect(router.state.location.searchStr).toBe('?q=beach+dog'))
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

it('explains the keys when ? is pressed', async () => {
  renderApp()
  await links()
  await userEvent.keyboard('?')
  expect(await screen.findByRole('dialog', { name: 'Keyboard' })).toBeDefined()
})
