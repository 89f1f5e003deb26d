// A part is drawn by hand or keys, cut by the browser, and only that is sent.
import { fireEvent, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { HttpResponse, http } from 'msw'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { drawSearch } from '@/testing/drawn-search'
import { renderApp } from '@/testing/render-app'
import { server } from '@/testing/server'
import { pick } from './picked-pictures'

const drawn = vi.fn()
let sent: number

beforeEach(() => {
  sent = 0
  server.use(
    http.post('*/api/search/image', () => {
      sent += 1
      return HttpResponse.json(drawSearch([], 'nothing'))
    }),
  )
  URL.createObjectURL = () => 'blob:sea'
  URL.revokeObjectURL = () => {}
  const pen = { fillRect() {}, drawImage: drawn }
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(pen as never)
  vi.spyOn(HTMLCanvasElement.prototype, 'toBlob').mockImplementation((done) =>
    done(new Blob(['cut'])),
  )
  vi.spyOn(HTMLImageElement.prototype, 'naturalWidth', 'get').mockReturnValue(2000)
  vi.spyOn(HTMLImageElement.prototype, 'naturalHeight', 'get').mockReturnValue(1000)
  vi.spyOn(HTMLImageElement.prototype, 'getBoundingClientRect').mockReturnValue(
    new DOMRect(0, 0, 400, 200),
  )
  drawn.mockClear()
})
afterEach(() => vi.restoreAllMocks())

const open = () => renderApp(`/search/pictures/${pick(new File(['x'], 'sea.png'))}`)

/** Opens what draws a part of the picture that is searched by. */
async function openPart(button: string) {
  const heading = await screen.findByRole('heading', { name: /^Like/ })
  const hidden = heading.closest('header')?.querySelector('img[hidden]')
  if (hidden) fireEvent.load(hidden)
  await userEvent.click(await screen.findByRole('button', { name: button }))
  return screen.findByRole('button', { name: /^The part: / })
}

it('searches for what was drawn around, and for another part of the same', async () => {
  open()
  await openPart('A part of it')
  const frame = screen.getByTestId('part')
  await userEvent.pointer([
    { keys: '[MouseLeft>]', target: frame, coords: { clientX: 20, clientY: 10 } },
    { target: frame, coords: { clientX: 220, clientY: 110 } },
    { keys: '[/MouseLeft]' },
  ])
  await userEvent.click(screen.getByRole('button', { name: 'Search' }))
  await screen.findByRole('heading', { name: 'Like a part of sea.png' })
  await waitFor(() => expect(sent).toBe(2))
  const [, ...asked] = drawn.mock.calls[0] ?? []
  expect(asked.map(Math.round)).toEqual([100, 50, 1000, 500, 0, 0, 1000, 500])
  expect((await openPart('Another part')).getAttribute('aria-label')).toContain(
    '50% wide and 50% high, 5% from',
  )
})

it('is moved and resized by arrow keys, and dropped without a search', async () => {
  open()
  const part = await openPart('A part of it')
  part.focus()
  await userEvent.keyboard('{ArrowRight}{Shift>}{ArrowDown}{/Shift}')
  expect(part.getAttribute('aria-label')).toContain('60% wide and 62% high, 22% from')
  await userEvent.click(screen.getByRole('button', { name: 'Cancel' }))
  expect(screen.queryByTestId('part')).toBeNull()
  expect(sent).toBe(1)
})

it('says so when the browser cannot cut', async () => {
  vi.spyOn(HTMLCanvasElement.prototype, 'toBlob').mockImplementation((done) =>
    done(null),
  )
  open()
  await openPart('A part of it')
  await userEvent.click(screen.getByRole('button', { name: 'Search' }))
  expect(
    await screen.findByText('This browser could not cut the picture.'),
  ).toBeDefined()
  expect(sent).toBe(1)
})
