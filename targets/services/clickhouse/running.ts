import { SESSION_SETTING, type Query } from './session.ts'
import { quoteString, replaceBare } from './statement.ts'

/** The clients' query ids by the name of the session that runs them. */
export type RunningIds = ReadonlyMap<string, string>

/**
 * The engine gives every query an id of its own. So that it answers to the clients' ids, `query_id` of KILL QUERY and
 * of system.processes is looked up by the session that the query runs on.
 */
export function withClientIds(query: Query, running: RunningIds): Query {
  if (query.statement.kind === 'insert' || running.size === 0) return query
  const list = (texts: Iterable<string>): string => `[${[...texts].map(quoteString).join(', ')}]`
  const id = `transform(Settings['${SESSION_SETTING}'], ${list(running.keys())}, ${list(running.values())}, query_id)`
  const text =
    query.statement.kind === 'kill'
      ? replaceBare(query.text, /\bquery_id\b/gi, id)
      : replaceBare(
          query.text,
          /\bsystem\s*\.\s*processes\b/gi,
          `(SELECT * REPLACE (${id} AS query_id) FROM system.processes)`,
        )
  return { ...query, text }
}
