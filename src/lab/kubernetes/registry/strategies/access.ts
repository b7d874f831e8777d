import { type JsonObject, at, equal, isObject, text } from '../../json.ts';
import { type KubeObject, asJson } from '../../objects.ts';
import { invalidValue } from '../../status.ts';
import type { Strategy } from '../strategy.ts';

const GROUP = 'rbac.authorization.k8s.io';

export const role: Strategy = { createsOnUpdate: true, names: 'path' };

export const binding: Strategy = {
  createsOnUpdate: true,
  names: 'path',
  defaults(object: KubeObject) {
    const json = asJson(object);
    const roleRef = isObject(json.roleRef) ? json.roleRef : (json.roleRef = {});
    if (!roleRef.apiGroup) roleRef.apiGroup = GROUP;
    for (const subject of Array.isArray(json.subjects) ? json.subjects : []) {
      if (!isObject(subject)) continue;
      const isAccount = subject.kind === 'ServiceAccount';
      if (!isAccount && !subject.apiGroup) subject.apiGroup = GROUP;
      if (isAccount && object.kind === 'RoleBinding') subject.namespace ??= object.metadata.namespace;
    }
  },
  validateUpdate(object, old) {
    const [now, before] = [asJson(object).roleRef, asJson(old).roleRef];
    if (equal(now, before)) return [];
    const shown = { APIGroup: at(now, 'apiGroup'), Kind: at(now, 'kind'), Name: at(now, 'name') };
    return [invalidValue('roleRef', shown, 'cannot change roleRef')];
  },
};

export const priorityClass: Strategy = {
  tracksGeneration: true,
  defaults(object) {
    asJson(object).preemptionPolicy ??= 'PreemptLowerPriority';
  },
};

export const lease: Strategy = { createsOnUpdate: true, needsVersion: true };

export const definition: Strategy = {
  tracksGeneration: true,
  needsVersion: true,
  defaults(object) {
    const spec = (asJson(object).spec ?? {}) as JsonObject;
    const names = isObject(spec.names) ? spec.names : (spec.names = {});
    const kind = text(names.kind);
    if (!names.singular) names.singular = kind.toLowerCase();
    if (!names.listKind && kind !== '') names.listKind = `${kind}List`;
    spec.conversion ??= { strategy: 'None' };
  },
  create(object) {
    const versions = (asJson(object).spec as JsonObject | undefined)?.versions;
    const stored = (Array.isArray(versions) ? versions : []).filter((one) => isObject(one) && one.storage === true);
    asJson(object).status = {
      conditions: null,
      acceptedNames: { plural: '', kind: '' },
      storedVersions: stored.map((one) => (one as JsonObject).name ?? ''),
    };
  },
  validate(object) {
    const spec = (asJson(object).spec ?? {}) as JsonObject;
    const plural = isObject(spec.names) ? text(spec.names.plural) : '';
    const wanted = `${plural}.${text(spec.group)}`;
    const name = object.metadata.name;
    if (plural === '' || name === wanted) return [];
    return [invalidValue('metadata.name', name, 'must be spec.names.plural+"."+spec.group')];
  },
};
