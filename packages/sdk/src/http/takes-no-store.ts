let known: boolean | undefined;

/** Returns whether the runtime supports `cache: 'no-store'`, which Workers until 2024 reject. Determined once. */
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
