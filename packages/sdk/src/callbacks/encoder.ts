/** Encodes text as UTF-8. */
export const ENCODER: TextEncoder = /* @__PURE__ */ new TextEncoder();
