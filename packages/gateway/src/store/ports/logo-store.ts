import type { LogoId, LogoImage } from '../../merchants/logo-image.ts';

/** The logos of merchants, addressed by their content. */
export interface LogoStore {
  /** Stores a logo, unless it is stored already. */
  put(id: LogoId, image: LogoImage): Promise<void>;
  get(id: LogoId): Promise<LogoImage | undefined>;
  /** Deletes the logos that no POS uses. */
  deleteUnused(): Promise<void>;
}
