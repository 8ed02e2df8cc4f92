import { isObject, describeType, type Rules, typeRule } from '../checks/value-rules.ts';

/** What leads to the gateway over `node:http`, be it of a client or of `nodeFetch`. */
export const ROUTE_RULES: Rules<{ agent: unknown; proxy: unknown; verifySsl: unknown }> = {
  agent: [isObject, 'an agent'],
  // A URL object is a text too; what is in it, `parseProxy` says.
  proxy: [(proxy) => typeof proxy === 'string' || isObject(proxy), 'an http or https URL', describeType],
  verifySsl: /* @__PURE__ */ typeRule('boolean'),
};
