import { describe, expect, it } from 'vitest';
import { drift } from '../../../src/kube/drift.ts';
import { appliedBy, extractApplied } from '../../../src/kube/owned-fields.ts';
import { quantity } from '../../../src/kube/schema.ts';
import type { KubeObject } from '../../../src/kube/types.ts';
import recorded from './recorded/daemonset.json' with { type: 'json' };

const ME = 'manila-rwx';

/** What was applied when Kubernetes 1.35.4 answered with `recorded/daemonset.json`. */
function applied(): Template & KubeObject {
  return structuredClone({
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'd', namespace: 'b-mf', labels: { app: 'd' } },
    spec: {
      selector: { matchLabels: { app: 'd' } },
      template: {
        metadata: { labels: { app: 'd' }, annotations: { note: 'yes' } },
        spec: {
          hostNetwork: false,
          nodeSelector: { nope: 'nope' },
          tolerations: [{ operator: 'Exists' }],
          imagePullSecrets: [{ name: 's' }],
          hostAliases: [{ ip: '1.2.3.4', hostnames: ['a'] }],
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: 'kubernetes.io/hostname',
              whenUnsatisfiable: 'ScheduleAnyway',
              labelSelector: { matchLabels: { app: 'd' } },
            },
          ],
          containers: [
            {
              name: 'c',
              image: 'busybox:1.36',
              args: ['a', 'b'],
              ports: [{ containerPort: 80 }],
              env: [
                { name: 'A', value: '' },
                { name: 'NODE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
              ],
              resources: { requests: { cpu: 0.1, memory: '1024Mi' }, limits: { memory: '1.5Gi' } },
              securityContext: { privileged: true, capabilities: { add: ['SYS_ADMIN'] } },
              livenessProbe: { httpGet: { path: '/', port: 80 } },
              volumeMounts: [{ name: 'v', mountPath: '/v', mountPropagation: 'Bidirectional' }],
            },
          ],
          volumes: [
            { name: 'v', hostPath: { path: '/tmp/x', type: 'DirectoryOrCreate' } },
            { name: 'e', emptyDir: {} },
            { name: 'm', emptyDir: { medium: 'Memory', sizeLimit: '1024Ki' } },
            { name: 's', secret: { secretName: 'q' } },
          ],
        },
      },
    },
  });
}

interface Container {
  [field: string]: unknown;
  env: object[];
  ports: object[];
  resources: { requests: object; limits: object };
  securityContext: Record<string, unknown>;
}
interface PodSpec {
  [field: string]: unknown;
  containers: [Container, ...Container[]];
  volumes: { name: string }[];
}
interface Template {
  spec: { selector: object; template: { metadata: { annotations?: object }; spec: PodSpec } };
}

const live = (): KubeObject => structuredClone(recorded) as unknown as KubeObject;
/** A live object that this program never applied: without managedFields. */
const unowned = (): KubeObject => ({ ...live(), metadata: { ...live().metadata, managedFields: [] } });
const POD = 'spec.template.spec';
const C = `${POD}.containers[name=c]`;

describe('drift against what a real server recorded', () => {
  it('finds nothing in what was applied', () => {
    expect(drift(ME, applied(), live())).toEqual([]);
  });

  it('finds nothing either where the lists’ keys must be known without the server', () => {
    expect(drift(ME, applied(), unowned())).toEqual([]);
  });

  const changes: [what: string, change: (spec: PodSpec, all: Template & KubeObject) => void, found: object[]][] = [
    [
      'a scalar',
      (spec) => (spec.containers[0].image = 'busybox:2'),
      [{ path: `${C}.image`, before: 'busybox:1.36', after: 'busybox:2' }],
    ],
    [
      'a field that is false by default',
      (spec) => (spec.hostNetwork = true),
      [{ path: `${POD}.hostNetwork`, after: true }],
    ],
    [
      'a quantity',
      (spec) => (spec.containers[0].resources.requests = { cpu: '200m', memory: 1073741824 }),
      [{ path: `${C}.resources.requests.cpu`, before: '100m', after: '200m' }],
    ],
    [
      'an item of an atomic list',
      (spec) => (spec.tolerations = [{ operator: 'Exists', key: 'x' }]),
      [{ path: `${POD}.tolerations[0].key`, after: 'x' }],
    ],
    [
      'the length of an atomic list',
      (spec) => (spec.containers[0].args = ['a']),
      [{ path: `${C}.args`, before: ['a', 'b'], after: ['a'] }],
    ],
    [
      'a new item of a keyed list',
      (spec) => spec.containers[0].env.push({ name: 'B', value: 'b' }),
      [{ path: `${C}.env[name=B]`, after: { name: 'B', value: 'b' } }],
    ],
    [
      'a label',
      (_spec, all) => (all.metadata.labels = { app: 'd', 'example.com/x': 'y' }),
      [{ path: 'metadata.labels[example.com/x]', after: 'y' }],
    ],
  ];
  it.each(changes)('finds %s that differs', (_what, change, found) => {
    const desired = applied();
    change(desired.spec.template.spec, desired);
    expect(drift(ME, desired, live())).toEqual(found);
    expect(drift(ME, desired, unowned())).toEqual(found);
  });

  const removals: typeof changes = [
    [
      'a field',
      (spec) => Reflect.deleteProperty(spec.containers[0].securityContext, 'privileged'),
      [{ path: `${C}.securityContext.privileged`, before: true }],
    ],
    [
      'a map',
      (spec) => Reflect.deleteProperty(spec, 'nodeSelector'),
      [{ path: `${POD}.nodeSelector`, before: { nope: 'nope' } }],
    ],
    [
      'an annotation',
      (_spec, all) => Reflect.deleteProperty(all.spec.template.metadata, 'annotations'),
      [{ path: 'spec.template.metadata.annotations.note', before: 'yes' }],
    ],
    [
      'an item by its key',
      (spec) => spec.volumes.splice(1, 1),
      [{ path: `${POD}.volumes[name=e]`, before: { name: 'e', emptyDir: {} } }],
    ],
    [
      'an item by a key with a default',
      (spec) => spec.containers[0].ports.pop(),
      [{ path: `${C}.ports[containerPort=80,protocol=TCP]`, before: { containerPort: 80, protocol: 'TCP' } }],
    ],
  ];
  it.each(removals)('finds %s that was applied once and is no longer wanted', (_what, change, found) => {
    const desired = applied();
    change(desired.spec.template.spec, desired);
    expect(drift(ME, desired, live())).toEqual(found);
    // Whose it is cannot be known there, so it stays.
    expect(drift(ME, desired, unowned())).toEqual([]);
  });

  it('leaves alone what others have added, and what others hold as well', () => {
    const other = live();
    other.metadata.annotations = { 'their.example.com/note': 'x' };
    other.metadata.managedFields?.push({
      manager: 'kubectl',
      operation: 'Update',
      apiVersion: 'apps/v1',
      fieldsV1: { 'f:spec': { 'f:template': { 'f:spec': { 'f:nodeSelector': {} } } } },
    });
    const desired = applied();
    Reflect.deleteProperty(desired.spec.template.spec, 'nodeSelector');
    expect(drift(ME, desired, other)).toEqual([]);
  });

  it('sees an edit by hand, also where it took the ownership', () => {
    const edited = live();
    const spec = (edited as unknown as Template).spec.template.spec;
    spec.containers[0].image = 'busybox:latest';
    expect(drift(ME, applied(), edited)).toEqual([
      { path: `${C}.image`, before: 'busybox:latest', after: 'busybox:1.36' },
    ]);
  });

  it('gives back what was applied, so that it can be applied again', () => {
    const extracted = extractApplied(ME, live());
    expect(drift(ME, extracted, live())).toEqual([]);
    expect(extracted.metadata).toEqual({ name: 'd', namespace: 'b-mf', labels: { app: 'd' } });
    expect(JSON.stringify(extracted)).not.toContain('dnsPolicy');
  });

  it('knows nothing as its own that it did not apply', () => {
    expect(appliedBy('somebody-else', live())).toBeUndefined();
  });
});

describe('drift of other kinds', () => {
  const secret = (data: object): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: 's',
      managedFields: [{ manager: ME, operation: 'Apply', apiVersion: 'v1', fieldsV1: { 'f:data': { 'f:old': {} } } }],
    },
    data,
  });

  it('never shows what is in a Secret', () => {
    const found = drift(
      ME,
      secret({ 'os-password': 'bmV3', fresh: 'eA==' }),
      secret({ 'os-password': 'b2xk', old: 'eQ==' }),
    );
    expect(found).toEqual([
      { path: 'data.os-password', before: '[redacted]', after: '[redacted]' },
      { path: 'data.fresh', after: '[redacted]' },
      { path: 'data.old', before: '[redacted]' },
    ]);
  });

  it('takes sizes for quantities only where they are', () => {
    const claim = (storage: string, note: string): KubeObject => ({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'c', annotations: { note } },
      spec: { resources: { requests: { storage } } },
    });
    expect(drift(ME, claim('1024Mi', '1024Mi'), claim('1Gi', '1Gi'))).toEqual([
      { path: 'metadata.annotations.note', before: '1Gi', after: '1024Mi' },
    ]);
  });

  it('compares rules of a role whole, and ignores what subjects are given by default', () => {
    const role = (...verbs: string[][]): KubeObject => ({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'r' },
      rules: verbs.map((list) => ({ apiGroups: [''], resources: ['pods'], verbs: list })),
    });
    expect(drift(ME, role(['get']), role(['get']))).toEqual([]);
    expect(drift(ME, role(['get']), role(['get', 'list']))).toEqual([
      { path: 'rules[0].verbs', before: ['get', 'list'], after: ['get'] },
    ]);
    const binding = (subject: object): KubeObject => ({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'b' },
      subjects: [subject],
    });
    const user = { kind: 'User', name: 'u' };
    expect(drift(ME, binding(user), binding({ ...user, apiGroup: 'rbac.authorization.k8s.io' }))).toEqual([]);
    expect(drift(ME, binding(user), binding({ ...user, namespace: 'x' }))).toEqual([
      { path: 'subjects[0].namespace', before: 'x' },
    ]);
  });

  it('does not look at status, and takes empty for absent', () => {
    const crd = (status: object, extra: object): KubeObject => ({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'x' },
      status,
      spec: { versions: [{ name: 'v1', served: true, storage: true, ...extra }], preserveUnknownFields: false },
    });
    const kept = crd({ storedVersions: ['v1'] }, { served: true, schema: { filledIn: true } });
    expect(drift(ME, crd({ storedVersions: [] }, { deprecated: false }), kept)).toEqual([]);
  });
});

describe('quantity', () => {
  it.each([
    ['1Gi', 1073741824],
    ['0.1', 0.1],
    ['100m', 0.1],
    ['1e3', 1000],
    ['1.5Gi', 1610612736],
    ['12E', 12e18],
    [2, 2],
    ['1 Gi', undefined],
    ['Gi', undefined],
    ['1GB', undefined],
    [true, undefined],
  ])('%j is %j', (text, number) => {
    expect(quantity(text)).toBe(number);
  });
});
