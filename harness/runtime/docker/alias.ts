/** A service's name on the run's network. Without dots: a host that ends in a number is not a valid one in a URL. */
export function containerAlias(service: string): string {
  return service.toLowerCase().replace(/[^a-z0-9]+/g, '-')
}

/** Of a link's Toxiproxy; apart from services, as a link and a service may share a name. */
export function linkAlias(link: string): string {
  return `link-${containerAlias(link)}`
}
