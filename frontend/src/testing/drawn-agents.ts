// Agents as the API would tell of them: one that sleeps while work waits for it.
import type { Agent, AgentsState } from '@/api/types'

/** A laptop that fell asleep on an evening in July, unless told otherwise. */
export const drawAgent = (values: Partial<Agent>): Agent => ({
  agent: 'alienware',
  state: 'unreachable',
  reason: 'unreachable',
  detail: null,
  since: '2024-07-05T19:14:00Z',
  seen_at: '2024-07-05T20:02:30Z',
  gpu_name: 'NVIDIA GeForce RTX 4090 Laptop GPU',
  gpu_memory: 17171480576,
  image: 'home-media-worker:0.1.0',
  image_version: '0.1.0',
  engine: '27.5.1',
  runs: [],
  runs_at_once: 1,
  woken_at: null,
  ...values,
})

export const AGENTS: AgentsState = {
  agents: [
    drawAgent({}),
    drawAgent({
      agent: 'tower',
      state: 'unready',
      reason: 'lacks the image home-media-worker:0.1.0',
      detail: 'No such image: home-media-worker:0.1.0',
      gpu_name: 'NVIDIA GeForce RTX 3060',
      gpu_memory: 12884901888,
      image_version: null,
    }),
  ],
  queue: {
    at: '2024-07-05T20:02:30Z',
    queued: 2,
    running: 0,
    folders: 40,
    contents: 1204,
    seconds_left: 5400,
    reason: 'waiting for GPU: alienware unreachable since 21:14',
  },
}
