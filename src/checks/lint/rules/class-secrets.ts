import { CLASS_SECRETS, SECRET_TEMPLATES, secretKeys } from '../../../drivers/class-parameters.ts';
import type { Fault, LintObject, LintRule } from '../types.ts';
import { parameter, protocolOf } from './parameters.ts';

interface Pair {
  /** `provisioner`, or undefined for the default of all roles. */
  role: string | undefined;
  name: string | undefined;
  namespace: string | undefined;
}

function pairsOf(object: LintObject): Pair[] {
  const roles =
    object.kind === 'StorageClass' ? [undefined, ...Object.keys(CLASS_SECRETS)] : ['snapshotter', 'snapshotter-list'];
  return roles.map((role) => {
    const keys = secretKeys(role);
    return { role, name: parameter(object, keys.name), namespace: parameter(object, keys.namespace) };
  });
}

/** The Secrets that a class names without templates, as `namespace/name`. */
export function namedSecrets(object: LintObject): { namespace: string; name: string }[] {
  return pairsOf(object).flatMap(({ name, namespace }) =>
    name && namespace && !/\$/.test(name + namespace) ? [{ name, namespace }] : [],
  );
}

const secretPair: LintRule = {
  id: 'secret-pair',
  kinds: ['StorageClass', 'VolumeSnapshotClass'],
  *check(object) {
    for (const { role, name, namespace } of pairsOf(object)) {
      const keys = secretKeys(role);
      if (name === '' || namespace === '') {
        const key = name === '' ? keys.name : keys.namespace;
        yield fault(key, `${key} is empty, and the sidecar refuses that`, 'give it a value, or take the pair out');
      } else if ((name === undefined) !== (namespace === undefined)) {
        const [there, missing] = name === undefined ? [keys.namespace, keys.name] : [keys.name, keys.namespace];
        yield fault(
          there,
          `${there} is there without ${missing}, and the sidecar refuses half a pair`,
          `add ${missing}`,
        );
      }
    }
  },
};

const secretTemplate: LintRule = {
  id: 'secret-template',
  kinds: ['StorageClass'],
  *check(object) {
    for (const { role, name, namespace } of pairsOf(object)) {
      const keys = secretKeys(role);
      yield* templateFaults(keys.name, name ?? '', 'name');
      yield* templateFaults(keys.namespace, namespace ?? '', 'namespace');
    }
  },
};

const KNOWN_TEMPLATES = {
  name: "${pv.name}, ${pvc.name}, ${pvc.namespace} and ${pvc.annotations['key']}",
  namespace: '${pv.name} and ${pvc.namespace}',
} as const;

function* templateFaults(key: string, value: string, part: 'name' | 'namespace'): Iterable<Fault> {
  // As Go's os.Expand: ${text} and $text.
  for (const [whole, braced, bare] of value.matchAll(/\$(?:\{([^}]*)\}|(\w+))/g)) {
    if (SECRET_TEMPLATES[part].test(braced ?? bare ?? '')) continue;
    yield fault(
      key,
      `${whole} means nothing in ${key}; the provisioner refuses it`,
      `known there are ${KNOWN_TEMPLATES[part]}`,
    );
  }
  const rest = value.replaceAll(/\$(?:\{[^}]*\}|\w+)/g, 'a');
  const pattern = part === 'name' ? /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/ : /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
  if (rest !== '' && !pattern.test(rest)) {
    yield fault(
      key,
      `${JSON.stringify(value)} is no ${part === 'name' ? 'name of a Secret' : 'name of a namespace'}`,
      'write it in lower-case letters, digits and dashes',
    );
  }
}

const secretMissing: LintRule = {
  id: 'secret-missing',
  kinds: ['StorageClass', 'VolumeSnapshotClass'],
  *check(object) {
    const pairs = pairsOf(object);
    const has = (role: string): boolean =>
      pairs.some(
        (one) =>
          (one.role === role || one.role === undefined) && (one.name !== undefined || one.namespace !== undefined),
      );
    const lacks = (role: string, consequence: string): Fault => ({
      severity: 'error',
      path: ['parameters'],
      message: `the class names no Secret for the ${role}: ${consequence}`,
      remedy: `add ${secretKeys(role).name} and ${secretKeys(role).namespace}`,
    });
    if (object.kind === 'VolumeSnapshotClass') {
      if (!has('snapshotter')) yield lacks('snapshotter', 'the driver answers "secrets cannot be nil or empty"');
      return;
    }
    if (!has('provisioner')) yield lacks('provisioner', 'claims stay Pending with "secrets cannot be nil or empty"');
    if (!has('node-publish')) yield lacks('node-publish', 'volumes are made and cannot be mounted on any node');
    if (object.allowVolumeExpansion === true && !has('controller-expand')) {
      yield lacks(
        'controller-expand',
        'volumes cannot be made larger, and adding it later does not help those that exist',
      );
    }
    if (protocolOf(object) === 'CEPHFS' && !has('node-stage')) {
      yield lacks('node-stage', 'CephFS volumes cannot be mounted on any node');
    }
  },
};

const secretReference: LintRule = {
  id: 'secret-reference',
  kinds: ['StorageClass', 'VolumeSnapshotClass'],
  *check(object, { secrets, cluster }) {
    const said = new Set<string>();
    for (const { name, namespace, role } of pairsOf(object)) {
      if (!name || !namespace) continue;
      const key = secretKeys(role).namespace;
      const own = cluster?.driverNamespace;
      const reference = `${namespace}/${name}`;
      if (said.has(reference)) continue;
      said.add(reference);
      if (own !== undefined && namespace !== own) {
        const message = `the driver may read Secrets in its own namespace ${own} only, and the class names ${reference}`;
        yield fault(key, message, `move the Secret to ${own}: per tenant, as tenant-\${pvc.namespace}`);
      } else if (secrets?.complete && !/\$/.test(reference) && !secrets.known.has(reference)) {
        yield fault(secretKeys(role).name, `there is no Secret ${reference}`, 'make it: manila-rwx install');
      }
    }
  },
};

function fault(key: string, message: string, remedy: string): Fault {
  return { severity: 'error', path: ['parameters', key], message, remedy };
}

export const CLASS_SECRET_RULES: readonly LintRule[] = [secretPair, secretTemplate, secretMissing, secretReference];
