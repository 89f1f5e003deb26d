// The models that look at the pictures: who is read, who is being filled, what waits.
import { useQuery } from '@tanstack/react-query'
import type { ModelState } from '@/api/types'
import { count } from '@/lib/format'
import { modelsQuery } from './queries'

const DOES: Record<ModelState['asset'], string> = {
  detections: 'Finds objects',
  masks: 'Outlines them',
  embeddings: 'Understands pictures',
  crop_embeddings: 'Compares objects',
}

export function ModelsSection() {
  const { data: models } = useQuery(modelsQuery)
  if (!models || models.length === 0) return null
  return (
    <section aria-labelledby="models" className="mb-10">
      <h2 id="models" className="mb-3 text-lg font-semibold">
        Models
      </h2>
      <ul className="flex flex-col divide-y divide-line rounded-xl border border-line bg-raised">
        {models.map((model) => (
          <ModelRow key={model.asset} model={model} />
        ))}
      </ul>
    </section>
  )
}

const ModelRow = ({ model }: { model: ModelState }) => {
  const { asset, active, filling, previous, reason } = model
  return (
    <li className="grid gap-x-8 gap-y-3 px-4 py-3.5 sm:px-5 lg:grid-cols-[minmax(0,1fr)_minmax(0,1.7fr)]">
      <div className="min-w-0">
        <p className="text-[15px] font-medium">{DOES[asset]}</p>
        <p className="text-[13px] text-soft">{asset}</p>
      </div>
      <div className="flex min-w-0 flex-col gap-3">
        {active && <Coverage words="Active" coverage={active} />}
        {filling && <Coverage words="Filling" coverage={filling} />}
        {!active && !filling && <p className="text-sm text-soft">Not at work yet.</p>}
        {reason && (
          <p className="text-[13px] break-words text-warn">
            <bdi>{reason}</bdi>
          </p>
        )}
        {previous && (
          <p className="text-[13px] text-soft">
            Before: <bdi>{previous.model ?? previous.producer_id}</bdi>, kept for the
            way back
          </p>
        )}
      </div>
    </li>
  )
}

type CoverageProps = { words: string; coverage: NonNullable<ModelState['active']> }

const Coverage = ({ words, coverage }: CoverageProps) => {
  const { model, contents, done, failed } = coverage
  const share = contents > 0 ? done / contents : 1
  // Rounded down: only what is complete says so.
  const percent = `${Math.floor(100 * share)} %`
  const said = `${count(done)} of ${count(contents)}${failed > 0 ? `, ${count(failed)} failed` : ''}`
  return (
    <div>
      <p className="mb-1 flex flex-wrap justify-between gap-x-3 text-[13px]">
        <span className="min-w-0 break-words">
          <span
            className={words === 'Active' ? 'font-medium text-good' : 'font-medium'}
          >
            {words}
          </span>{' '}
          <bdi>{model ?? 'unnamed'}</bdi>
        </span>
        <span className="text-soft tabular-nums">
          {percent} · {said}
        </span>
      </p>
      <div
        role="progressbar"
        aria-label={`${words}: ${model ?? 'unnamed'}`}
        aria-valuemin={0}
        aria-valuemax={contents}
        aria-valuenow={done}
        aria-valuetext={said}
        className="flex h-1.5 overflow-hidden rounded-full bg-sunken"
      >
        <span
          className={words === 'Active' ? 'bg-good' : 'bg-accent/60'}
          style={{ width: `${100 * share}%` }}
        />
        <span
          className="bg-bad"
          style={{ width: `${contents > 0 ? (100 * failed) / contents : 0}%` }}
        />
      </div>
    </div>
  )
}
