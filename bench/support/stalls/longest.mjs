/** Reads from a gateway's metrics the longest hold and the longest transaction since the last call. */
export async function readLongest(opsPort) {
  const text = await (await fetch(`http://127.0.0.1:${opsPort}/metrics`)).text();
  const longest = (name) => {
    const series = [...text.matchAll(new RegExp(`^${name}\\{step="([^"]*)"\\} (\\S+)$`, 'gm'))];
    const [first] = series.map(([, step, value]) => ({ step, ms: Number(value) * 1000 })).sort((a, b) => b.ms - a.ms);
    return first ?? { step: '', ms: 0 };
  };
  return {
    hold: longest('webpos_step_hold_max_seconds'),
    cpu: longest('webpos_step_hold_cpu_max_seconds'),
    transaction: longest('webpos_store_transaction_max_seconds'),
  };
}
