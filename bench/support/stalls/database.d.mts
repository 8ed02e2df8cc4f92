export interface BenchDatabase {
  readonly kind: 'sqlite' | 'postgres';
  exec(text: string): Promise<void>;
  all(text: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  close(): Promise<void>;
}

export interface BenchPlace {
  readonly url: string;
  connect(): Promise<BenchDatabase>;
  bytes(): Promise<number>;
  drop(): Promise<unknown>;
}

export function makePlace(kind: 'sqlite' | 'postgres', folder: string): Promise<BenchPlace>;
