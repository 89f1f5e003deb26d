// Decodes masks off the main thread. CPU work only: nothing is fetched here.
import { pixelsOf, type Rle } from './rle'

export type Order = { id: number; rle: Rle; colour: number }
export type Delivery = { id: number; bitmap?: ImageBitmap }

type Scope = {
  onmessage: ((event: MessageEvent<Order>) => void) | null
  postMessage: (delivery: Delivery, transfer?: Transferable[]) => void
}
const scope = globalThis as unknown as Scope

scope.onmessage = async ({ data: { id, rle, colour } }) => {
  try {
    const [height = 0, width = 0] = rle.size
    const bytes = new Uint8ClampedArray(pixelsOf(rle, colour).buffer as ArrayBuffer)
    const bitmap = await createImageBitmap(new ImageData(bytes, width, height))
    scope.postMessage({ id, bitmap }, [bitmap])
  } catch {
    scope.postMessage({ id }) // A broken mask leaves its box, which still says what is there.
  }
}
