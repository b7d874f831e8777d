import { type JsonObject, isObject, textAt, without } from '../json.ts';
import { asObject, timestamp } from '../objects.ts';
import type { Resource } from '../registry/resource.ts';
import { invalid, invalidValue } from '../status.ts';
import type { Rbac } from './rbac.ts';
import type { User } from './request.ts';

/** Answers to questions that keep nothing: what may I do, who am I. */
export function reviewOf(rbac: Rbac, user: User, resource: Resource, input: JsonObject, manager: string): JsonObject {
  if (resource.plural === 'selfsubjectreviews') return whoAmI(user);
  const review = mayI(rbac, user, input);
  const asked = without(review, 'status') as JsonObject;
  const owned = resource.fieldManager(undefined).update(undefined, asObject(asked), manager);
  return { ...review, metadata: owned.metadata as unknown as JsonObject };
}

function mayI(rbac: Rbac, user: User, input: JsonObject): JsonObject {
  const spec = isObject(input.spec) ? input.spec : {};
  const wanted = spec.resourceAttributes;
  const path = spec.nonResourceAttributes;
  if (isObject(wanted) === isObject(path)) {
    const why = 'exactly one of nonResourceAttributes or resourceAttributes must be specified';
    throw invalid({ group: 'authorization.k8s.io', kind: '' }, '', [
      invalidValue('spec.resourceAttributes', wanted, why),
    ]);
  }
  const text = (name: string): string => textAt(wanted, name);
  const subresource = text('subresource');
  const allowed = isObject(wanted)
    ? rbac.allows(user, {
        verb: text('verb'),
        group: text('group'),
        resource: subresource === '' ? text('resource') : `${text('resource')}/${subresource}`,
        namespace: text('namespace') || undefined,
        name: text('name') || undefined,
      })
    : rbac.allowsPath(user, textAt(path, 'path'), textAt(path, 'verb'));
  return {
    kind: 'SelfSubjectAccessReview',
    apiVersion: 'authorization.k8s.io/v1',
    metadata: {},
    spec,
    status: { allowed },
  };
}

function whoAmI(user: User): JsonObject {
  return {
    kind: 'SelfSubjectReview',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { creationTimestamp: timestamp() },
    status: {
      userInfo: {
        username: user.name,
        groups: user.groups,
        ...(user.uid && { uid: user.uid }),
        ...(user.extra && { extra: user.extra }),
      },
    },
  };
}
