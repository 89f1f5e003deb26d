// The form that narrows the timeline; every choice goes into the address at once.
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useId } from 'react'
import { labelsQuery } from '@/features/taxonomy/queries'
import { facetsQuery } from '@/features/timeline/queries'
import { count } from '@/lib/format'
import { type Filters, readFilters } from './filters'

type Props = { filters: Filters; onChange: (filters: Filters) => void }

const FIELD =
  'h-9 w-full min-w-0 rounded-lg border border-line bg-raised px-2.5 text-sm text-ink'

export function FilterPanel({ filters, onChange }: Props) {
  const { data: facets } = useQuery(facetsQuery)
  const { data: labels } = useQuery(labelsQuery)
  const change = (name: keyof Filters, value: string) =>
    onChange(readFilters({ ...filters, [name]: value }))

  return (
    <section
      aria-label="Filters"
      className="grid grid-cols-2 gap-x-3 gap-y-3 sm:grid-cols-4 xl:grid-cols-[repeat(2,minmax(0,1.3fr))_repeat(6,minmax(0,1fr))]"
    >
      <Field label="From">
        {(id) => (
          <input
            id={id}
            type="date"
            value={filters.from ?? ''}
            max={filters.to}
            onChange={({ target }) => change('from', target.value)}
            className={FIELD}
          />
        )}
      </Field>
      <Field label="Until">
        {(id) => (
          <input
            id={id}
            type="date"
            value={filters.to ?? ''}
            min={filters.from}
            onChange={({ target }) => change('to', target.value)}
            className={FIELD}
          />
        )}
      </Field>
      <Choice
        label="Camera"
        value={filters.camera}
        options={facets?.cameras.map(({ value, count: n }) => [
          value,
          `${value} (${count(n)})`,
        ])}
        onChange={(value) => change('camera', value)}
      />
      <Choice
        label="Lens"
        value={filters.lens}
        options={facets?.lenses.map(({ value, count: n }) => [
          value,
          `${value} (${count(n)})`,
        ])}
        onChange={(value) => change('lens', value)}
      />
      <Choice
        label="Kind"
        value={filters.kind}
        options={[
          ['picture', 'Pictures'],
          ['video', 'Videos'],
        ]}
        onChange={(value) => change('kind', value)}
      />
      <Choice
        label="Place"
        value={filters.has_gps === undefined ? undefined : String(filters.has_gps)}
        options={[
          ['true', 'With a place'],
          ['false', 'Without a place'],
        ]}
        onChange={(value) => change('has_gps', value)}
      />
      <Choice
        label="Rating"
        value={filters.rating === undefined ? undefined : String(filters.rating)}
        options={['1', '2', '3', '4', '5'].map((stars) => [
          stars,
          stars === '5' ? '5 stars' : `${stars} stars or more`,
        ])}
        onChange={(value) => change('rating', value)}
      />
      <Choice
        label="Label"
        value={filters.label}
        options={labels?.map(({ label, count: n }) => [
          label,
          `${label} (${count(n)})`,
        ])}
        onChange={(value) => change('label', value)}
      />
    </section>
  )
}

function Field({
  label,
  children,
}: {
  label: string
  children: (id: string) => ReactNode
}) {
  const id = useId()
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className="text-xs font-medium text-soft">
        {label}
      </label>
      {children(id)}
    </div>
  )
}

type ChoiceProps = {
  label: string
  value: string | undefined
  options?: [value: string, words: string][]
  onChange: (value: string) => void
}

const Choice = ({ label, value, options = [], onChange }: ChoiceProps) => {
  // A choice the library no longer offers stays visible while it narrows the timeline.
  const unlisted = value !== undefined && !options.some(([listed]) => listed === value)
  return (
    <Field label={label}>
      {(id) => (
        <select
          id={id}
          value={value ?? ''}
          onChange={({ target }) => onChange(target.value)}
          className={FIELD}
        >
          <option value="">Any</option>
          {unlisted && <option value={value}>{value}</option>}
          {options.map(([option, words]) => (
            <option key={option} value={option}>
              {words}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}
