// Writes src/lab/kubernetes/schemas.json: discovery, schemas and zero values of a real API server, pruned to the kinds
// that the lab serves. Run it against the Kubernetes that the lab shall answer as:
//
//   KUBECONFIG=... K8S_API=<folder of the Go module k8s.io/api of that version> node scripts/lab-schemas.mjs
//
// The schemas say what a field is, not whether the server writes it when it is empty: that is in the Go types.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Group and version, and the kinds of it that are served. */
const KINDS = {
  'api/v1': [
    'ConfigMap',
    'Endpoints',
    'Event',
    'LimitRange',
    'Namespace',
    'Node',
    'PersistentVolume',
    'PersistentVolumeClaim',
    'Pod',
    'PodTemplate',
    'ResourceQuota',
    'Secret',
    'Service',
    'ServiceAccount',
  ],
  'apis/apps/v1': ['ControllerRevision', 'DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet'],
  'apis/batch/v1': ['CronJob', 'Job'],
  'apis/events.k8s.io/v1': ['Event'],
  'apis/storage.k8s.io/v1': ['CSIDriver', 'CSINode', 'CSIStorageCapacity', 'StorageClass', 'VolumeAttachment'],
  'apis/rbac.authorization.k8s.io/v1': ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'],
  'apis/policy/v1': ['PodDisruptionBudget'],
  'apis/coordination.k8s.io/v1': ['Lease'],
  'apis/scheduling.k8s.io/v1': ['PriorityClass'],
  'apis/authentication.k8s.io/v1': ['SelfSubjectReview'],
  'apis/authorization.k8s.io/v1': ['SelfSubjectAccessReview'],
  'apis/apiextensions.k8s.io/v1': ['CustomResourceDefinition'],
};
const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';
/** A line that embeds another struct of the same package. */
const EMBEDDED = /^\t(\w+) `json:",inline"([^`]*)`/gm;
const MORE = [
  `${META}.DeleteOptions`,
  `${META}.Status`,
  'io.k8s.api.authentication.v1.TokenRequest',
  'io.k8s.api.autoscaling.v1.Scale',
  'io.k8s.api.policy.v1.Eviction',
];

const get = (path) =>
  JSON.parse(execFileSync('kubectl', ['get', '--raw', path], { encoding: 'utf8', maxBuffer: 1 << 26 }));

const schemas = {};
/** Go sources by folder. */
const sources = new Map();
const resources = [];
for (const [path, kinds] of Object.entries(KINDS)) {
  const known = get(`/openapi/v3/${path}`).components.schemas;
  const groupVersion = path.replace(/^apis?\//, '');
  for (const kind of kinds) take(known, nameOf(known, groupVersion, kind));
  for (const name of MORE) if (known[name]) take(known, name);
  const served = get(`/${path}`).resources;
  const plurals = new Set(
    served.filter((one) => !one.name.includes('/') && kinds.includes(one.kind)).map((r) => r.name),
  );
  for (const one of served) if (plurals.has(one.name.split('/')[0])) resources.push({ groupVersion, ...one });
}

writeFileSync(
  new URL('../src/lab/kubernetes/schemas.json', import.meta.url),
  `${JSON.stringify({ version: get('/version'), resources, schemas: sorted(schemas), zeros: zeroValues(), proto: fieldNumbers() })}\n`,
);

function nameOf(known, groupVersion, kind) {
  const [version, group = ''] = groupVersion.split('/').reverse();
  const found = Object.entries(known).find(([, schema]) =>
    schema['x-kubernetes-group-version-kind']?.some(
      (gvk) => gvk.kind === kind && gvk.version === version && gvk.group === group,
    ),
  );
  if (!found) throw new Error(`the server has no schema of ${kind} in ${groupVersion}`);
  return found[0];
}

/** Keeps a schema and all that it refers to, without the descriptions: they are nine tenths of the text. */
function take(known, name) {
  if (schemas[name]) return;
  schemas[name] = slim(known[name]);
  for (const [, ref] of JSON.stringify(schemas[name]).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) take(known, ref);
}

function slim(node) {
  if (Array.isArray(node)) return node.map(slim);
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key, value]) => !(key === 'description' && typeof value === 'string'))
      .map(([key, value]) => [key, slim(value)]),
  );
}

/**
 * What Go leaves out or writes of an empty field, by schema: `omit` are scalars that are dropped when they are "", 0
 * or false (`omitempty` without a pointer); `null` are lists, maps and times that are written as null when they are
 * empty; `write` are scalars that are written although they are neither required nor set.
 */
function zeroValues() {
  const zeros = {};
  for (const name of Object.keys(schemas)) {
    const type = inlined(goType(name), name);
    if (!type) continue;
    const found = {};
    for (const [, goKind, json, options] of type.matchAll(/^\t\w+\s+(\S+)\s+`json:"([^",]+)([^"]*)"/gm)) {
      const way = zeroWay(schemas[name], json, goKind, options);
      if (way) (found[way] ??= []).push(json);
    }
    if (Object.keys(found).length > 0) zeros[name] = sorted(found);
  }
  return sorted(zeros);
}

function zeroWay(schema, json, goKind, options) {
  if (goKind.startsWith('*')) return undefined;
  const isOmitted = options.includes('omitempty');
  if (/^metav1\.(Micro)?Time$/.test(goKind) && !options.includes('omitzero')) return 'null';
  if (/^(\[\]|map\[)/.test(goKind) && goKind !== '[]byte') return isOmitted ? undefined : 'null';
  const property = schema.properties?.[json];
  if (!['string', 'integer', 'boolean'].includes(property?.type) || property.format === 'byte') return undefined;
  if (isOmitted) return 'omit';
  return schema.required?.includes(json) ? undefined : 'write';
}

/**
 * Numbers of the fields in protobuf, which kubectl speaks where it knows a kind. `inline` are messages whose fields
 * stand beside the others in JSON: their own number, and the numbers of their fields.
 */
function fieldNumbers() {
  const proto = {};
  for (const name of Object.keys(schemas)) {
    const type = goType(name);
    if (!type) continue;
    const inline = [...type.matchAll(EMBEDDED)].flatMap(([, embedded, tags]) => {
      const number = /protobuf:"bytes,(\d+),/.exec(tags)?.[1];
      return number ? [[Number(number), numbersOf(goType(name.replace(/\w+$/, embedded)) ?? '')]] : [];
    });
    const numbers = numbersOf(type);
    if (Object.keys(numbers).length + inline.length > 0)
      proto[name] = { ...numbers, ...(inline.length > 0 && { inline }) };
  }
  return sorted(proto);
}

function numbersOf(type) {
  const fields = type.matchAll(/^\t\w*\s*\S*\s+`json:"([^",]+)[^"]*"[^`]*protobuf:"\w+,(\d+),/gm);
  return Object.fromEntries([...fields].map(([, json, number]) => [json, Number(number)]));
}

/** The body of a Go struct. */
function goType(name) {
  const match = /^io\.k8s\.(api|apimachinery|apiextensions-apiserver)\.(.+)\.(\w+)$/.exec(name);
  if (!match) return undefined;
  const [, module, path, type] = match;
  const api = process.env.K8S_API;
  if (!api) throw new Error('set K8S_API to the folder of the Go module k8s.io/api');
  const root = module === 'api' ? api : join(dirname(api), `${module}@${api.split('@')[1]}`);
  const folder = join(root, path.replaceAll('.', '/'));
  if (!sources.has(folder)) {
    const files = readdirSync(folder).filter((file) => /types.*\.go$/.test(file) && !file.includes('_test'));
    sources.set(folder, files.map((file) => readFileSync(join(folder, file), 'utf8')).join('\n'));
  }
  return new RegExp(`^type ${type} struct \\{\\n([\\s\\S]*?)^\\}`, 'm').exec(sources.get(folder))?.[1];
}

/** The struct with the fields of those that are embedded in it. */
function inlined(type, name) {
  return type?.replace(EMBEDDED, (_, embedded) => goType(name.replace(/\w+$/, embedded)) ?? '');
}

function sorted(object) {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}
