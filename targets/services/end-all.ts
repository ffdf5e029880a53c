/** Ends them all at once; none is left because another failed. */
export async function endAll(services: readonly AsyncDisposable[]): Promise<void> {
  const outcomes = await Promise.allSettled(services.map((one) => one[Symbol.asyncDispose]()))
  const failures = outcomes.flatMap((one) =>
    one.status === 'rejected' ? [one.reason as unknown] : [],
  )
  if (failures.length > 0)
    throw new AggregateError(failures, `${failures.length} of ${services.length} did not end`)
}
