let known: boolean | undefined;

/** Whether the runtime takes `cache: 'no-store'`. Workers of 2024 and before throw on it: found out once. */
export function takesNoStore(): boolean {
  return (known ??= probe());
}

function probe(): boolean {
  try {
    return Boolean(new Request('https://localhost', { cache: 'no-store' }));
  } catch {
    return false;
  }
}
