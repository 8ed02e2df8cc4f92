/** What stands in one queue: all callbacks that go to one host and port, however their paths differ. */
export function endpointOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : url;
}
