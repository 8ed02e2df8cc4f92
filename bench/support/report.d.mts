/** Prints one measurement: its name, the number, and the target if there is one. */
export function report(what: string, number: string, goal?: { readonly target: string; readonly met: boolean }): void;
