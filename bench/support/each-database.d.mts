export function databaseOf(word: string): 'sqlite' | 'postgres' | undefined;
export function onEachDatabase(file: string, words: readonly string[]): Promise<number>;
