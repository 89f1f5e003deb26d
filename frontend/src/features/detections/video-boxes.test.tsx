// Over a video there are boxes only while it rests on the frame they were found in.
import { fireEvent, screen } from '@testing-library/react'
import { HttpResponse, http } from 'msw'
import { afterEach, expect, it } from 'vitest'
import { renderApp } from '@/testing/render-app'
import { images, server } from '@/testing/server'

afterEach(() => localStorage.clear())

it('shows the objects of a key frame, and none of a moment between', async () => {
  localStorage.setItem('boxes', 'on')
  server.use(
    http.get('*/api/timeline', () => HttpResponse.json({ buckets: [], count: 0 })),
  )
  const video = images.find(({ kind }) => kind === 'video')
  renderApp(`/images/${video?.image_id}`)
  await screen.findByLabelText('Objects by time')
  const player = document.querySelector('video') as HTMLVideoElement
  const boxes = () =>
    [...document.querySelectorAll('[data-detection]')].map((box) =>
      box.getAttribute('aria-label'),
    )
  const restAt = (seconds: number) => {
    Object.defineProperty(player, 'currentTime', {
      value: seconds,
      configurable: true,
    })
    fireEvent.seeked(player)
  }

  expect(boxes()).toEqual([])
  restAt(2)
  expect(boxes()).toEqual(['Truck, 91 % sure'])
  restAt(3)
  expect(boxes()).toEqual([])
  restAt(4)
  expect(boxes()).toEqual(['Dog, 83 % sure'])
  fireEvent.play(player)
  expect(boxes()).toEqual([])
})
