import type { Texts } from '../../frame/wording.ts';
import { ar } from './ar.ts';
import { de } from './de.ts';
import { en, type CallbackText } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import { it } from './it.ts';
import { ja } from './ja.ts';
import { pt } from './pt.ts';

export const callbackTexts: Texts<CallbackText> = { ar, de, en, es, fr, it, ja, pt };
