/** Prints one measured line: what it is, the number, and the target where there is one. */
export function report(what: string, number: string, goal?: { readonly target: string; readonly met: boolean }): void;
