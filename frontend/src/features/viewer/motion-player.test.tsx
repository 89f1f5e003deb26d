import { fireEvent, render, screen } from '@testing-library/react'
import { expect, it, vi } from 'vitest'
import { MotionPlayer } from './motion-player'

const motion = {
  url: '/api/images/1/motion',
  embedded: true,
  file_id: '0190b0f6-3a1c-8b1e-9c55-2f0f3a7d9a01',
  size: 2_345_678,
}

it('plays the film and says when it is over', () => {
  const onEnd = vi.fn()
  render(<MotionPlayer motion={motion} label="Photo, today" onEnd={onEnd} />)
  const film = screen.getByLabelText('Film of Photo, today')
  expect(film.getAttribute('src')).toBe(motion.url)
  fireEvent.ended(film)
  expect(onEnd).toHaveBeenCalledOnce()
})

it('offers the file when the browser cannot play it', () => {
  render(<MotionPlayer motion={motion} label="Photo, today" onEnd={vi.fn()} />)
  fireEvent.error(screen.getByLabelText('Film of Photo, today'))
  expect(screen.getByRole('alert').textContent).toContain('cannot play the film')
  expect(screen.getByRole('link').getAttribute('href')).toBe(motion.url)
})
