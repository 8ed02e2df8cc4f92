import type { LogoId, LogoImage } from '../../merchants/logo-image.ts';

/** The pictures of merchants, by what is in them. */
export interface LogoStore {
  /** Keeps a picture; one that is kept already stays. */
  put(id: LogoId, image: LogoImage): Promise<void>;
  get(id: LogoId): Promise<LogoImage | undefined>;
  /** Forgets the pictures that no POS names. */
  deleteUnused(): Promise<void>;
}
