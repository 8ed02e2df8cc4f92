import { readFile, rename, writeFile } from 'node:fs/promises';

/** Whose feed a position is in: it leads nowhere in another. */
export interface FeedOwner {
  readonly url: string;
  readonly clientId: string;
}

/** A file that keeps the position in the feed from one start to the next. */
export interface PositionFile {
  /**
   * @returns undefined where there is no file; null for the beginning of the feed.
   * @throws Error when the file is of another feed, or is not ours.
   */
  read(): Promise<string | null | undefined>;
  /** Keeps a position whole or not at all, wherever the process ends. */
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
      const kept = parse(text);
      if (typeof kept.cursor !== 'string' && kept.cursor !== null) throw new Error(`--position: ${path} holds no position`);
      if (kept.url !== url || kept.client_id !== clientId)
        throw new Error(`--position: ${path} is of another gateway or point of sale`);
      return kept.cursor;
    },
    write: async (cursor) => {
      const aside = `${path}.new`;
      await writeFile(aside, `${JSON.stringify({ url, client_id: clientId, cursor })}\n`);
      await rename(aside, path);
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
