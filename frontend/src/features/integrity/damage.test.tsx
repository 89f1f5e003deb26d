// Damage is told where a person looks for problems, and nowhere while there is none.
import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { HttpResponse, http } from 'msw'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { drawDamage, drawDetail, drawFolder } from '@/testing/drawn-library'
import { renderApp } from '@/testing/render-app'
import { images, server } from '@/testing/server'

describe('damaged originals', () => {
  const damaged = (...damage: ReturnType<typeof drawDamage>[]) => {
    const count = damage.length
    server.use(
      http.get('*/api/integrity/damage', () =>
        HttpResponse.json({ damage, next: null, count }),
      ),
    )
  }

  it('come before all problems, with what is known of a copy', async () => {
    damaged(
      drawDamage('a.jpg', { copy: 'archive/100%25.jpg' }),
      drawDamage('<b>lost.jpg'),
    )
    renderApp('/problems')
    const section = await screen.findByRole('region', { name: 'Damaged originals' })
    expect(section.textContent).toContain('An intact copy: archive/100%.jpg')
    expect(section.textContent).toContain('<b>lost.jpg')
    expect(section.textContent).toContain('No other copy is known')
    expect(screen.queryByText('No problems')).toBeNull()
    const link = screen.getByRole('link', { name: /^Problems/ })
    expect(link.textContent).toBe('Problems2')
  })

  it('are not spoken of while there are none', async () => {
    renderApp('/problems')
    expect(await screen.findByText('No problems')).toBeDefined()
    expect(screen.queryByText('Damaged originals')).toBeNull()
  })

  it('are counted by folder, beside what is unchanged, and since when', async () => {
    const integrity = {
      files: 40,
      unchanged: 39,
      damaged: 1,
      unchanged_since: '2024-07-05T08:00:00Z',
      verified_at: '2026-11-01T03:12:00Z',
    }
    server.use(
      http.get('*/api/libraries', () =>
        HttpResponse.json([
          {
            library: 'photos',
            root: '/mnt/nas',
            state: 'reachable',
            reason: null,
            folders: 2,
            files: 60,
            images: 60,
          },
        ]),
      ),
      http.get('*/api/folders', () =>
        HttpResponse.json({
          folders: [
            drawFolder('2024/beach', 40, { integrity }),
            drawFolder('2023/snow', 20),
          ],
          next: null,
        }),
      ),
    )
    renderApp('/libraries')
    const link = await screen.findByRole('link', { name: '1 damaged file' })
    expect(link.getAttribute('href')).toBe('/problems')
    expect(screen.getByText('39 of 40 files unchanged since 5 Jul 2024')).toBeDefined()
    expect(screen.getByText('20 files unchanged since 5 Jul 2024')).toBeDefined()
  })
})

describe('an image with a damaged file', () => {
  const [image] = images
  if (!image) throw new Error('images were drawn')
  const address = `/images/${image.image_id}`

  /** Answers with damage in the files of these parts, until `heal` is called. */
  function rot(...parts: string[]) {
    const { damaged_at, intact_at, reason, found } = drawDamage('DSC_0412.JPG')
    const damage = { damaged_at, intact_at, reason, found, copy: null }
    let rotten = parts
    server.use(
      http.get('*/api/images/:id', () => {
        const detail = drawDetail(image as NonNullable<typeof image>)
        const files = detail.files.map((file) =>
          rotten.includes(file.part) ? { ...file, damage } : file,
        )
        return HttpResponse.json({ ...detail, files })
      }),
    )
    return () => {
      rotten = []
    }
  }

  afterEach(() => vi.useRealTimers())

  it('says what is damaged, what is shown instead, and what to do', async () => {
    rot('primary')
    renderApp(address)
    const notice = await screen.findByText('is damaged.', { exact: false })
    expect(notice.closest('p')?.textContent).toBe(
      'DSC_0412.JPG is damaged. Seen 1 Nov 2026. The picture here is from before; a download is the damaged file.',
    )
    expect(
      screen.getByRole('link', { name: 'Download the damaged original' }),
    ).toBeDefined()
    await userEvent.click(screen.getByRole('button', { name: 'What to do' }))
    expect(await screen.findByText('No other copy is known.')).toBeDefined()
    expect(screen.getByText(/Put the file back from a backup/)).toBeDefined()
    const link = screen.getByRole('link', { name: 'All damaged originals' })
    expect(link.getAttribute('href')).toBe('/problems')
    expect(screen.queryByRole('button', { name: 'What to do' })).toBeNull()
  })

  it('does not call a download damaged that is not', async () => {
    rot('raw', 'sidecar')
    renderApp(address)
    expect(await screen.findByText('2 files of this image are damaged.')).toBeDefined()
    expect(screen.getByText(/does not come from it/)).toBeDefined()
    expect(screen.getByRole('link', { name: 'Download the original' })).toBeDefined()
  })

  it('says nothing any more once the file is back', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true })
    const heal = rot('primary')
    renderApp(address)
    await screen.findByText('is damaged.', { exact: false })
    heal()
    await vi.advanceTimersByTimeAsync(30_000)
    await waitFor(() =>
      expect(screen.queryByText('is damaged.', { exact: false })).toBeNull(),
    )
  })
})
