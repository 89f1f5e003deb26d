// What is said of machines with a graphics card, and of what waits for them.
import type { Agent, AgentsState, GpuQueue } from '@/api/types'
import { clockTime } from '@/lib/dates'
import { counted, roughly } from '@/lib/format'

const GPU_ASSETS = ['detections', 'masks', 'embeddings', 'crop_embeddings']

/** Asleep is how such a machine usually is, and no fault. */
export function stateWord(agent: Agent): string {
  const { state, runs } = agent
  if (isAtFault(agent)) return 'cannot work'
  if (state === 'unreachable') return 'asleep or away'
  if (state === 'unknown') return 'not looked at'
  return runs.length > 0 ? 'at work' : 'ready'
}

/** Whether somebody has to do something about it: sleeping is none of that. */
export const isAtFault = ({ state, reason }: Agent) =>
  state === 'unready' || (state === 'unreachable' && reason !== 'unreachable')

/** What it does or lacks, and since when. */
export function story(agent: Agent): string {
  const { state, reason, since, seen_at, runs } = agent
  const then = since ? ` since ${clockTime(since)}` : ''
  if (state === 'unknown') {
    return seen_at ? `Last looked at ${clockTime(seen_at)}` : 'Nobody has looked yet'
  }
  if (isAtFault(agent)) return `${capital(reason ?? 'Cannot work')}${then}`
  if (state === 'unreachable') return `No answer${then}`
  if (runs.length > 0) {
    const names = runs.map((run) => run.slice(0, 8)).join(', ')
    return `${counted(runs.length, 'container')} running, for ${names}`
  }
  return `Awake${then}`
}

/** NVIDIA GeForce RTX 4090 Laptop GPU · 16 GB */
export function card({ gpu_name, gpu_memory }: Agent): string | null {
  if (!gpu_name) return null
  const memory = gpu_memory ? `${Math.round(gpu_memory / 2 ** 30)} GB` : null
  return [gpu_name, memory].filter(Boolean).join(' · ')
}

/** What waits, and how long it takes or when it is done. */
export function queueWords(queue: GpuQueue, now: Date): string {
  const { contents, folders, queued, running, seconds_left } = queue
  const runs = [
    running > 0 && `${counted(running, 'run')} at work`,
    queued > 0 && `${counted(queued, 'run')} queued`,
  ]
  if (contents === 0 && queued + running === 0) return 'Nothing waits for them.'
  const waiting =
    contents > 0
      ? `${counted(contents, 'picture')} in ${counted(folders, 'folder')} to look at`
      : 'The last pictures are being looked at'
  const end = [waiting, ...runs.filter(Boolean)].join(' · ')
  if (contents === 0 || seconds_left === null) return `${end}.`
  if (running === 0) return `${end} · ${roughly(seconds_left)} of work.`
  const done = new Date(now.getTime() + seconds_left * 1000)
  return `${end} · ${roughly(seconds_left)} left, until ${clockTime(done.toISOString())}.`
}

/** Whether what an asset has not done waits for a machine that sleeps. */
export const waitsForGpu = (asset: string, state: AgentsState | undefined) =>
  GPU_ASSETS.includes(asset) &&
  !!state &&
  state.agents.length > 0 &&
  state.agents.every((agent) => agent.state !== 'ready')

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
