/** Finds the known name that was probably meant: one that begins with the given name, or that differs from it by a few typos. */
export function nearest<T extends string>(name: string, known: readonly T[]): T | undefined {
  const begun = name.length < 3 ? undefined : known.find((candidate) => candidate.startsWith(name));
  if (begun !== undefined) return begun;
  const [best] = known.map((candidate) => ({ candidate, steps: distance(name, candidate) })).sort((a, b) => a.steps - b.steps);
  return best !== undefined && best.steps <= maxSteps(name) ? best.candidate : undefined;
}

/** A third of the letters: with more typos, a short name would match any other. */
function maxSteps({ length }: string): number {
  return Math.max(length < 4 ? 1 : 2, Math.floor(length / 3));
}

/** Counts the letters that are missing, added, changed, or swapped with the next (the optimal string alignment distance). */
function distance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const changed = cell(rows, i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? cell(rows, i - 2, j - 2) + 1 : Infinity;
      row.push(Math.min(cell(rows, i - 1, j) + 1, (row[j - 1] ?? Infinity) + 1, changed, swapped));
    }
    rows.push(row);
  }
  return cell(rows, a.length, b.length);
}

function cell(rows: readonly (readonly number[])[], i: number, j: number): number {
  return rows[i]?.[j] ?? Infinity;
}
