// Damage is told where a person looks for problems, and nowhere while there is none.
import { screen } from '@testing-library/react'
import { HttpResponse, http } from 'msw'
import { describe, expect, it } from 'vitest'
import { drawDamage, drawFolder } from '@/testing/drawn-library'
import { renderApp } from '@/testing/render-app'
import { server } from '@/testing/server'

describe('damaged originals', () => {
  const damaged = (...damage: ReturnType<typeof drawDamage>[]) => {
    const count = damage.length
    server.use(
      http.get('*/api/integrity', () =>
        HttpResponse.json({
          ...drawFolder('x', 9).integrity,
          unchanged: 9 - count,
          damaged: count,
        }),
      ),
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
        HttpResponse.json([
          drawFolder('2024/beach', 40, { integrity }),
          drawFolder('2023/snow', 20),
        ]),
      ),
    )
    renderApp('/libraries')
    const link = await screen.findByRole('link', { name: '1 damaged file' })
    expect(link.getAttribute('href')).toBe('/problems')
    expect(screen.getByText('39 of 40 files unchanged since 5 Jul 2024')).toBeDefined()
    expect(screen.getByText('20 files unchanged since 5 Jul 2024')).toBeDefined()
  })
})
