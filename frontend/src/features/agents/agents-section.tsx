// The machines with a graphics card: which are awake, what they do, what waits for them.
import { useQuery } from '@tanstack/react-query'
import type { Agent } from '@/api/types'
import { agentsQuery } from './queries'
import { card, isAtFault, queueWords, stateWord, story } from './texts'

export function AgentsSection() {
  const { data, dataUpdatedAt } = useQuery(agentsQuery)
  if (!data || data.agents.length === 0) return null
  return (
    <section aria-labelledby="agents" className="mb-10">
      <h2 id="agents" className="text-lg font-semibold">
        Agents
      </h2>
      <p className="mb-3 text-sm text-soft">
        Machines with a graphics card, which the models run on.{' '}
        {data.queue && queueWords(data.queue, new Date(dataUpdatedAt))}
      </p>
      <ul className="flex flex-col divide-y divide-line rounded-xl border border-line bg-raised">
        {data.agents.map((agent) => (
          <AgentRow key={agent.agent} agent={agent} />
        ))}
      </ul>
    </section>
  )
}

const colour = (agent: Agent) => {
  if (isAtFault(agent)) return 'text-bad'
  return agent.state === 'ready' ? 'text-good' : 'text-soft'
}

const AgentRow = ({ agent }: { agent: Agent }) => (
  <li className="grid gap-x-8 gap-y-2 px-4 py-3.5 sm:px-5 lg:grid-cols-[minmax(0,1fr)_minmax(0,1.7fr)]">
    <div className="min-w-0">
      <p className="flex flex-wrap items-baseline gap-x-2.5">
        <span className="text-[15px] font-medium break-words">
          <bdi>{agent.agent}</bdi>
        </span>
        <span className={`text-[13px] font-medium ${colour(agent)}`}>
          <span aria-hidden="true">● </span>
          {stateWord(agent)}
        </span>
      </p>
      <p className="text-[13px] break-words text-soft">
        <bdi>{card(agent) ?? 'Card not known yet'}</bdi>
      </p>
    </div>
    <div className="min-w-0 text-[13px] break-words">
      <p className={isAtFault(agent) ? 'text-bad' : ''}>
        <bdi>{story(agent)}</bdi>
      </p>
      {agent.state !== 'ready' && agent.detail && (
        <p className="text-soft">
          <bdi>{agent.detail}</bdi>
        </p>
      )}
      {agent.image_version && (
        <p className="text-soft">
          <bdi>Version {agent.image_version}</bdi>
        </p>
      )}
    </div>
  </li>
)
