import { isObject, describeType, type Rules, typeRule } from '../checks/value-rules.ts';

/** The rules of the options for `node:http`, of a client and of `nodeFetch`. */
export const ROUTE_RULES: Rules<{ agent: unknown; proxy: unknown; verifySsl: unknown }> = {
  agent: [isObject, 'an agent'],
  // Text or a URL object; `parseProxy` checks its content.
  proxy: [(proxy) => typeof proxy === 'string' || isObject(proxy), 'an http or https URL', describeType],
  verifySsl: /* @__PURE__ */ typeRule('boolean'),
};
