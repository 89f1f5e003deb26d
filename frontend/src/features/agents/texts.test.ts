// What a person reads of machines that sleep, work, or lack something.
import { expect, it } from 'vitest'
import type { Agent, GpuQueue } from '@/api/types'
import { drawAgent } from '@/testing/drawn-agents'
import { card, queueWords, stateWord, story, waitsForGpu } from './texts'

const NOW = new Date('2024-07-05T20:00:00Z')
const queue = (values: Partial<GpuQueue>): GpuQueue => ({
  at: NOW.toISOString(),
  queued: 0,
  running: 0,
  folders: 0,
  contents: 0,
  seconds_left: null,
  reason: null,
  ...values,
})

const stories: [Partial<Agent>, string, RegExp][] = [
  [{ state: 'unreachable' }, 'asleep or away', /^No answer since 5 Jul 2024/],
  [
    { state: 'unready', reason: 'lacks the image worker:1' },
    'cannot work',
    /^Lacks the image worker:1 since 5 Jul 2024/,
  ],
  [
    { state: 'unreachable', reason: 'does not run its Docker engine' },
    'cannot work',
    /^Does not run its Docker engine since 5 Jul 2024/,
  ],
  [{ state: 'ready', reason: null }, 'ready', /^Awake since/],
  [
    { state: 'ready', reason: null, runs: ['3f2a1b9c-5a', 'b'] },
    'at work',
    /^2 containers running, for 3f2a1b9c, b$/,
  ],
  [{ state: 'unknown' }, 'not looked at', /^Last looked at 5 Jul 2024/],
  [{ state: 'unknown', seen_at: null }, 'not looked at', /^Nobody has looked yet$/],
]

it.each(stories)('tells how a machine is: %o', (values, word, said) => {
  const agent = drawAgent(values)
  expect(stateWord(agent)).toBe(word)
  expect(story(agent)).toMatch(said)
})

it('names a card with its memory as it is sold', () => {
  expect(card(drawAgent({}))).toBe('NVIDIA GeForce RTX 4090 Laptop GPU · 16 GB')
  expect(card(drawAgent({ gpu_memory: null }))).toBe(
    'NVIDIA GeForce RTX 4090 Laptop GPU',
  )
  expect(card(drawAgent({ gpu_name: null }))).toBe(null)
})

const queues: [Partial<GpuQueue>, RegExp][] = [
  [{}, /^Nothing waits for them\.$/],
  [
    { contents: 1204, folders: 40, queued: 2, seconds_left: 5400 },
    /^1,204 pictures in 40 folders to look at · 2 runs queued · about 2 hours of work\.$/,
  ],
  [
    { contents: 12, folders: 1, running: 1, seconds_left: 600 },
    /^12 pictures in 1 folder to look at · 1 run at work · about 10 minutes left, until 5 Jul 2024, .*\.$/,
  ],
  [
    { contents: 12, folders: 1, queued: 1 },
    /^12 pictures in 1 folder to look at · 1 run queued\.$/,
  ],
  [
    { running: 1, seconds_left: 0 },
    /^The last pictures are being looked at · 1 run at work\.$/,
  ],
]

it.each(queues)('tells what waits: %o', (values, said) => {
  expect(queueWords(queue(values), NOW)).toMatch(said)
})

it('calls waiting what it is: for a graphics card, where there is one and it sleeps', () => {
  const asleep = drawAgent({ state: 'unreachable' })
  const awake = drawAgent({ state: 'ready' })
  const state = (...agents: Agent[]) => ({ agents, queue: null })
  expect(waitsForGpu('masks', state(asleep))).toBe(true)
  expect(waitsForGpu('thumbnails', state(asleep))).toBe(false)
  expect(waitsForGpu('masks', state(asleep, awake))).toBe(false)
  expect(waitsForGpu('masks', state())).toBe(false)
  expect(waitsForGpu('masks', undefined)).toBe(false)
})
