/**
 * Which versions can work with a migration that they do not know: its name says so, and so every database has it on record.
 *
 * - `0031-order-notes-expands`: versions that do not know it work as before.
 * - `0032-drop-old-notes-needs-0-4`: only 0.4 and later can read and write what is stored now.
 *
 * Nothing is assumed of any other name. The rules for what may expand are in CONTRIBUTING.md.
 */
import { compareVersions } from '../../kernel/version.ts';

/** Migrations from this number on must have such a name. The versions that know the earlier ones are the first that read it. */
export const FIRST_WITH_FLOOR = '0030';

const NEEDS = /-needs-(\d{1,4})-(\d{1,4})$/;

/** Returns the oldest version that can work with a migration, such as `0.4`; `any`, or undefined if its name does not say. */
export function floorOf(migration: string): string | undefined {
  if (migration.endsWith('-expands')) return 'any';
  const [, major, minor] = NEEDS.exec(migration) ?? [];
  return major === undefined ? undefined : `${major}.${minor}`;
}

/** Whether a version can work with a migration that it does not know. */
export function worksBeside(version: string, migration: string): boolean {
  const floor = floorOf(migration);
  if (floor === undefined) return false;
  return floor === 'any' || isAtLeast(version, floor);
}

/** @param floor Major and minor version, as both names and sessions have it. */
export function isAtLeast(version: string, floor: string): boolean {
  return (compareVersions(version, `${floor}.0`) ?? -1) >= 0;
}
