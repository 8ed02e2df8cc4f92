import { readFile, rename, writeFile } from 'node:fs/promises';

/** The gateway and point of sale whose feed a position belongs to. A position means nothing in another feed. */
export interface FeedOwner {
  readonly url: string;
  readonly clientId: string;
}

/** A file that stores the position in the feed between runs. */
export interface PositionFile {
  /**
   * Returns the stored position: null for the beginning of the feed, undefined if the file does not exist.
   *
   * @throws Error when the file belongs to another feed, or contains no position.
   */
  read(): Promise<string | null | undefined>;
  /** Stores a position atomically: a process that ends meanwhile leaves the old file or the new one. */
  write(cursor: string | null): Promise<void>;
}

export function positionFile(path: string, { url, clientId }: FeedOwner): PositionFile {
  return {
    read: async () => {
      let text: string;
      try {
        text = await readFile(path, 'utf8');
      } catch (error) {
        if ((error as { code?: unknown }).code === 'ENOENT') return undefined;
        throw error;
      }
      const stored = parse(text);
      if (typeof stored.cursor !== 'string' && stored.cursor !== null)
        throw new Error(`--position: ${path} contains no position`);
      if (stored.url !== url || stored.client_id !== clientId)
        throw new Error(`--position: ${path} belongs to another gateway or point of sale`);
      return stored.cursor;
    },
    write: async (cursor) => {
      const draft = `${path}.new`;
      await writeFile(draft, `${JSON.stringify({ url, client_id: clientId, cursor })}\n`);
      await rename(draft, path);
    },
  };
}

function parse(text: string): { url?: unknown; client_id?: unknown; cursor?: unknown } {
  try {
    return Object(JSON.parse(text)) as object;
  } catch {
    return {};
  }
}
