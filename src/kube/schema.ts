import { type OwnedFields, stepValue } from './owned-fields.ts';

/**
 * Keys of the lists that the API merges item by item, by the name of the field (`x-kubernetes-list-map-keys` in the
 * API's OpenAPI). Every other list is compared whole.
 */
const LIST_KEYS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  containers: [['name']],
  initContainers: [['name']],
  env: [['name']],
  volumes: [['name']],
  imagePullSecrets: [['name']],
  volumeMounts: [['mountPath']],
  volumeDevices: [['devicePath']],
  hostAliases: [['ip']],
  topologySpreadConstraints: [['topologyKey', 'whenUnsatisfiable']],
  ownerReferences: [['uid']],
  // A pod's, then a Service's.
  ports: [
    ['containerPort', 'protocol'],
    ['port', 'protocol'],
  ],
};

const SETS = new Set(['finalizers']);

/**
 * What the server fills in where a manifest leaves it out, in parts that are compared whole. Elsewhere what is not
 * desired is not compared.
 */
export const SERVER_DEFAULTS: Readonly<Record<string, unknown>> = {
  protocol: 'TCP',
  // env[].valueFrom.fieldRef
  apiVersion: 'v1',
  // projected service account tokens
  expirationSeconds: 3600,
  defaultMode: 0o644,
  // subjects[] of a role binding that are users or groups
  apiGroup: 'rbac.authorization.k8s.io',
};

/** The keys by which a list's items are told apart; `set` for lists of single values; undefined: compared whole. */
export function keysOf(
  field: string,
  items: unknown[],
  owned: OwnedFields | undefined,
): readonly string[] | 'set' | undefined {
  const step = Object.keys(owned ?? {}).find((one) => one.startsWith('k:') || one.startsWith('v:'));
  if (step?.startsWith('v:')) return 'set';
  if (step !== undefined) return Object.keys(stepValue(step) as object);
  if (SETS.has(field)) return 'set';
  const [first] = items;
  if (first === undefined) return LIST_KEYS[field]?.[0];
  if (typeof first !== 'object' || first === null) return undefined;
  return LIST_KEYS[field]?.find(([key]) => key !== undefined && key in first);
}

/** `spec.replicas`, `metadata.labels[app.kubernetes.io/name]`. */
export function fieldPath(path: string, name: string): string {
  if (!/^[\w-]+$/.test(name)) return `${path}[${name}]`;
  return path === '' ? name : `${path}.${name}`;
}

/** `containers[name=driver]`; a member of a set is `finalizers[example.com/keep]`. */
export function itemPath(path: string, keys: readonly string[], item: unknown): string {
  if (keys.length === 0) return `${path}[${String(item)}]`;
  const fields = item as Record<string, unknown>;
  const given = keys.filter((key) => fields[key] !== undefined);
  return `${path}[${given.map((key) => `${key}=${String(fields[key])}`).join(',')}]`;
}

/** Values that the server leaves out of its answers, so that writing them is the same as leaving them out. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === false || value === 0) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** Fields whose values are quantities, which the server writes in its own way: `0.1` as `100m`, `1.5Gi` as `1536Mi`. */
const QUANTITY_FIELD =
  /(?:^|\.)(?:requests|limits|capacity|hard|overhead)(?:\.[\w-]+|\[[^\]]+\])$|\.(?:sizeLimit|divisor)$/;

export function equalScalars(path: string, a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (!QUANTITY_FIELD.test(path)) return false;
  const [left, right] = [quantity(a), quantity(b)];
  return left !== undefined && left === right;
}

const SUFFIXES: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** The number that a quantity stands for. https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
export function quantity(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  const parts = typeof value === 'string' ? /^([+-]?[\d.]+(?:[eE][+-]?\d+)?)([a-zA-Z]*)$/.exec(value) : null;
  const unit = SUFFIXES[parts?.[2] ?? ''];
  if (!parts || unit === undefined) return undefined;
  // Rounded, so that 0.1 and 100m are the same number.
  return Number((Number(parts[1]) * unit).toPrecision(15));
}
