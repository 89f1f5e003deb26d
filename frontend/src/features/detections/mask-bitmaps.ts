// Asks the worker for masks as bitmaps; one worker for the page, started when first needed.
import type { Rle } from './rle'
import type { Delivery, Order } from './rle.worker'

let worker: Worker | undefined
let orders = 0
const waiting = new Map<number, (bitmap: ImageBitmap | undefined) => void>()

function start(): Worker {
  const started = new Worker(new URL('./rle.worker.ts', import.meta.url), {
    type: 'module',
  })
  started.onmessage = ({ data: { id, bitmap } }: MessageEvent<Delivery>) => {
    waiting.get(id)?.(bitmap)
    waiting.delete(id)
  }
  started.onerror = () => {
    for (const answer of waiting.values()) answer(undefined)
    waiting.clear()
    worker = undefined
  }
  return started
}

/** The mask in one colour; undefined when it cannot be decoded or drawn here. */
export function maskBitmap(rle: Rle, colour: number): Promise<ImageBitmap | undefined> {
  if (typeof Worker === 'undefined') return Promise.resolve(undefined)
  worker ??= start()
  const order: Order = { id: ++orders, rle, colour }
  worker.postMessage(order)
  return new Promise((resolve) => waiting.set(order.id, resolve))
}
