import type { LabRequest } from './http-server.ts';
import type { ValidToken } from './keystone/tokens.ts';

/**
 * May a token that is limited to some calls make this one? The service must say under which type it goes, that type
 * must be in the catalog, and one rule must name it with the method and the path (keystonemiddleware's auth_token).
 *
 * @param serviceType what the service calls itself; undefined refuses every limited token
 */
export function accessRulesAllow(token: ValidToken, serviceType: string | undefined, request: LabRequest): boolean {
  if (!token.accessRules) return true;
  if (serviceType === undefined || !token.catalogTypes.includes(serviceType)) return false;
  const { method, path } = request;
  return token.accessRules.some(
    (rule) => rule.method === method && rule.service === serviceType && ruleFits(rule.path, path),
  );
}

/** `*` and `{name}` are one part of a path, `**` is anything. */
function ruleFits(rule: string, path: string): boolean {
  const pattern = rule
    .split(/(\*\*|\*|\{[^}]*\})/)
    .map((part) => {
      if (part === '**') return '.*';
      if (part === '*' || part.startsWith('{')) return '[^/]+';
      return part.replace(/[.+?^$()|[\]\\]/g, '\\$&');
    })
    .join('');
  return new RegExp(`^${pattern}$`).test(path);
}
