// The tree asks for what is opened and for nothing else, and keys move in it.
import { cleanup, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { HttpResponse, http } from 'msw'
import { expect, it } from 'vitest'
import { drawNode } from '@/testing/drawn-library'
import { renderApp } from '@/testing/render-app'
import { server } from '@/testing/server'

/** A library of two years, of which one has a folder; returns what was asked for. */
function drawTree(library: string) {
  const levels: Record<string, object[]> = {
    '': [drawNode(library, 60, { parent: true, folders: 3 })],
    [library]: [
      drawNode(`${library}/2023`, 20),
      drawNode(`${library}/2024`, 40, { parent: true }),
    ],
    [`${library}/2024`]: [drawNode(`${library}/2024/beach`, 40)],
  }
  const asked: string[] = []
  server.use(
    http.get('*/api/folders/tree', ({ request }) => {
      const parent = new URL(request.url).searchParams.get('parent') ?? ''
      asked.push(parent)
      return HttpResponse.json(levels[parent] ?? [])
    }),
    http.get('*/api/folders', () => {
      throw new Error('how far each asset is, the tree does not show')
    }),
  )
  return asked
}

const tree = async () => within(await screen.findByRole('list', { name: 'Folders' }))

it('loads the folders below one when it is opened, once', async () => {
  const asked = drawTree('lazy')
  renderApp()
  const folders = await tree()
  const open = await folders.findByRole('button', { name: 'Folders in 2024' })
  expect(asked).toEqual(['', 'lazy'])
  await userEvent.click(open)
  expect(await folders.findByRole('link', { name: /^beach/ })).toBeDefined()
  await userEvent.click(open)
  expect(folders.queryByRole('link', { name: /^beach/ })).toBe(null)
  await userEvent.click(open)
  expect(await folders.findByRole('link', { name: /^beach/ })).toBeDefined()
  expect(asked).toEqual(['', 'lazy', 'lazy/2024'])
})

it('finds branches as they were left', async () => {
  drawTree('kept')
  renderApp()
  await userEvent.click(
    await (await tree()).findByRole('button', { name: 'Folders in 2024' }),
  )
  expect(await (await tree()).findByRole('link', { name: /^beach/ })).toBeDefined()
  cleanup()
  renderApp()
  expect(await (await tree()).findByRole('link', { name: /^beach/ })).toBeDefined()
})

it('is walked, opened and closed by arrow keys', async () => {
  drawTree('keys')
  renderApp()
  const folders = await tree()
  const year = await folders.findByRole('link', { name: /^2024/ })
  const focused = () => document.activeElement?.textContent
  folders.getByRole('link', { name: /^keys/ }).focus()
  await userEvent.keyboard('{ArrowDown}{ArrowDown}')
  expect(document.activeElement).toBe(year)
  await userEvent.keyboard('{ArrowRight}')
  await folders.findByRole('link', { name: /^beach/ })
  await userEvent.keyboard('{ArrowRight}')
  expect(focused()).toMatch(/^beach/)
  await userEvent.keyboard('{ArrowLeft}')
  expect(document.activeElement).toBe(year)
  await userEvent.keyboard('{ArrowLeft}')
  await waitFor(() =>
    expect(folders.queryByRole('link', { name: /^beach/ })).toBe(null),
  )
  await userEvent.keyboard('{Home}')
  expect(focused()).toMatch(/^keys/)
})
