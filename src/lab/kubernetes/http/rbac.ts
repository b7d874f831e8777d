import type { KubeObject } from '../objects.ts';
import { ApiError } from '../status.ts';
import type { Store } from '../store/store.ts';
import type { User } from './request.ts';

/** What somebody wants to do. */
export interface Access {
  verb: string;
  group: string;
  /** `pods`, `pods/exec`. */
  resource: string;
  namespace?: string | undefined;
  name?: string | undefined;
}

interface Rule {
  verbs?: string[];
  apiGroups?: string[];
  resources?: string[];
  resourceNames?: string[];
  nonResourceURLs?: string[];
}
interface Role extends KubeObject {
  rules?: Rule[] | null;
}
interface Binding extends KubeObject {
  roleRef: { kind: string; name: string };
  subjects?: { kind: string; name: string; namespace?: string }[];
}

const GROUP = 'rbac.authorization.k8s.io';

/** Rights from the roles and bindings in the store; the group system:masters may do everything. */
export class Rbac {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  allows(user: User, access: Access): boolean {
    if (user.groups.includes('system:masters')) return true;
    return this.#rules(user, access.namespace).some((rule) => permits(rule, access));
  }

  allowsPath(user: User, path: string, verb: string): boolean {
    if (user.groups.includes('system:masters')) return true;
    return this.#rules(user, undefined).some(
      (rule) =>
        has(rule.verbs, verb) &&
        rule.nonResourceURLs?.some((url) => url === path || (url.endsWith('*') && path.startsWith(url.slice(0, -1)))),
    );
  }

  /** @throws ApiError 403 that says who may not do what, and where. */
  check(user: User, access: Access): void {
    if (!this.allows(user, access)) throw forbidden(user, access);
  }

  #rules(user: User, namespace: string | undefined): Rule[] {
    const everywhere = this.#store.list(`${GROUP}/clusterrolebindings`) as Binding[];
    const here = namespace === undefined ? [] : (this.#store.list(`${GROUP}/rolebindings`, namespace) as Binding[]);
    return [...everywhere, ...here]
      .filter((binding) => binds(binding, user))
      .flatMap((binding) => this.#rulesOf(binding));
  }

  #rulesOf({ roleRef, metadata }: Binding): Rule[] {
    const role =
      roleRef.kind === 'ClusterRole'
        ? this.#store.get(`${GROUP}/clusterroles`, roleRef.name)
        : this.#store.get(`${GROUP}/roles`, `${metadata.namespace ?? ''}/${roleRef.name}`);
    return (role as Role | undefined)?.rules ?? [];
  }
}

function binds(binding: Binding, user: User): boolean {
  return (binding.subjects ?? []).some(({ kind, name, namespace }) => {
    if (kind === 'User') return name === user.name;
    if (kind === 'Group') return user.groups.includes(name);
    return user.name === `system:serviceaccount:${namespace ?? binding.metadata.namespace ?? ''}:${name}`;
  });
}

function permits(rule: Rule, { verb, group, resource, name }: Access): boolean {
  const [, subresource] = resource.split('/');
  const isNamed =
    has(rule.resources, resource) || (subresource !== undefined && has(rule.resources, `*/${subresource}`));
  if (!has(rule.verbs, verb) || !has(rule.apiGroups, group) || !isNamed) return false;
  return !rule.resourceNames?.length || (name !== undefined && rule.resourceNames.includes(name));
}

function has(list: string[] | undefined, wanted: string): boolean {
  return list?.some((one) => one === '*' || one === wanted) === true;
}

export function forbidden(user: User, access: Access): ApiError {
  const { verb, group, resource, namespace, name } = access;
  const what = group === '' ? resource : `${resource}.${group}`;
  const where = namespace === undefined ? 'at the cluster scope' : `in the namespace ${JSON.stringify(namespace)}`;
  const subject = name === undefined ? what : `${what} ${JSON.stringify(name)}`;
  const message = `${subject} is forbidden: User ${JSON.stringify(user.name)} cannot ${verb} resource ${JSON.stringify(resource)} in API group ${JSON.stringify(group)} ${where}`;
  return new ApiError(403, 'Forbidden', message, {
    ...(name !== undefined && { name }),
    ...(group !== '' && { group }),
    kind: resource.split('/')[0] ?? resource,
  });
}
