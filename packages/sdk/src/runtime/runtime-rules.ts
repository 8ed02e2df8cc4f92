import type { Rule } from '../checks/value-rules.ts';
import type { Hooks } from '../observe/hooks.ts';

/** The rules of the options that differ between servers and browsers. */
export type RuntimeRules = Readonly<Record<keyof Hooks | 'appInfo' | 'baseUrl' | 'cache' | 'logger', Rule>>;
