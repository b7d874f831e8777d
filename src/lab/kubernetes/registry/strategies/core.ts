import { type JsonObject, equal, isObject, text, textAt } from '../../json.ts';
import { type KubeObject, asJson } from '../../objects.ts';
import { type FieldError, forbiddenField, invalidValue } from '../../status.ts';
import type { Lookup, Strategy } from '../strategy.ts';

function specOf(object: KubeObject): JsonObject {
  const json = asJson(object);
  if (!isObject(json.spec)) json.spec = {};
  return json.spec;
}

export const namespace: Strategy = {
  returnsDeleted: true,
  names: 'label',
  defaults(object) {
    object.metadata.labels = { ...object.metadata.labels, 'kubernetes.io/metadata.name': object.metadata.name };
  },
  create(object) {
    const finalizers = specOf(object).finalizers;
    const list = Array.isArray(finalizers) ? finalizers : [];
    specOf(object).finalizers = list.includes('kubernetes') ? list : [...list, 'kubernetes'];
    asJson(object).status = { phase: 'Active' };
  },
  update(object, old) {
    // Only the finalize subresource changes these.
    specOf(object).finalizers = specOf(old).finalizers;
  },
  fields: { 'status.phase': (object) => textAt(asJson(object), 'status', 'phase') },
};

export const node: Strategy = {
  create(object) {
    const spec = specOf(object);
    const taints = Array.isArray(spec.taints) ? spec.taints : [];
    spec.taints = [...taints, { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }];
  },
  fields: { 'spec.unschedulable': (object) => String(specOf(object).unschedulable === true) },
};

export const secret: Strategy = {
  defaults(object) {
    const json = asJson(object);
    json.type ??= 'Opaque';
    if (!isObject(json.stringData)) return;
    const encoded = Object.entries(json.stringData).map(([key, value]) => [
      key,
      Buffer.from(text(value)).toString('base64'),
    ]);
    json.data = { ...(isObject(json.data) ? json.data : {}), ...(Object.fromEntries(encoded) as JsonObject) };
    delete json.stringData;
  },
  validate: (object) => dataKeys(object, ['data']),
  validateUpdate(object, old) {
    const [now, before] = [asJson(object), asJson(old)];
    const errors = equal(now.type, before.type) ? [] : [invalidValue('type', now.type, 'field is immutable')];
    return [...errors, ...frozen(now, before, ['data'])];
  },
  fields: { type: (object) => text(asJson(object).type) },
};

export const configMap: Strategy = {
  validate: (object) => dataKeys(object, ['data', 'binaryData']),
  validateUpdate: (object, old) => frozen(asJson(object), asJson(old), ['data', 'binaryData']),
};

function frozen(now: JsonObject, before: JsonObject, fields: readonly string[]): FieldError[] {
  if (before.immutable !== true) return [];
  const why = 'field is immutable when `immutable` is set';
  const errors = now.immutable === true ? [] : [forbiddenField('immutable', why)];
  return [
    ...errors,
    ...fields.filter((name) => !equal(now[name], before[name])).map((name) => forbiddenField(name, why)),
  ];
}

const KEY_MESSAGE =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

function dataKeys(object: KubeObject, fields: readonly string[]): FieldError[] {
  return fields.flatMap((field) => {
    const data = asJson(object)[field];
    const keys = isObject(data) ? Object.keys(data) : [];
    return keys
      .filter((key) => !/^[-._a-zA-Z0-9]+$/.test(key))
      .map((key) => invalidValue(`${field}[${key}]`, key, KEY_MESSAGE));
  });
}

export const service: Strategy = {
  returnsDeleted: true,
  createsOnUpdate: true,
  names: 'label1035',
  defaults(object) {
    const spec = specOf(object);
    spec.type ??= 'ClusterIP';
    spec.sessionAffinity ??= 'None';
    if (spec.type !== 'ExternalName') spec.internalTrafficPolicy ??= 'Cluster';
    for (const port of Array.isArray(spec.ports) ? spec.ports : []) {
      if (!isObject(port)) continue;
      port.protocol ??= 'TCP';
      port.targetPort ??= port.port;
    }
    const json = asJson(object);
    json.status ??= { loadBalancer: {} };
  },
  create(object, lookup) {
    const spec = specOf(object);
    if (spec.type === 'ExternalName') return;
    spec.clusterIP ??= freeAddress(lookup);
    spec.clusterIPs ??= [spec.clusterIP];
    spec.ipFamilies ??= ['IPv4'];
    spec.ipFamilyPolicy ??= 'SingleStack';
  },
  update(object, old) {
    const [now, before] = [specOf(object), specOf(old)];
    for (const field of ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy']) now[field] ??= before[field];
  },
  validateUpdate(object, old) {
    const [now, before] = [specOf(object), specOf(old)];
    if (now.clusterIP === before.clusterIP || now.type === 'ExternalName') return [];
    return [invalidValue('spec.clusterIPs[0]', [now.clusterIP], 'may not change once set')];
  },
  fields: {
    'spec.clusterIP': (object) => text(specOf(object).clusterIP),
    'spec.type': (object) => text(specOf(object).type),
  },
};

function freeAddress(lookup: Lookup): string {
  const taken = new Set(lookup.list('services').map((one) => specOf(one).clusterIP));
  for (let host = 1; host < 254 * 254; host++) {
    const address = `10.96.${Math.floor(host / 254)}.${(host % 254) + 1}`;
    if (!taken.has(address)) return address;
  }
  return '10.96.255.254';
}

export const serviceAccount: Strategy = { returnsDeleted: true };

export const event: Strategy = {
  createsOnUpdate: true,
  fields: Object.fromEntries(
    ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath']
      .map((name): [string, (object: KubeObject) => string] => [
        `involvedObject.${name}`,
        (object) => textAt(asJson(object), 'involvedObject', name),
      ])
      .concat(['reason', 'reportingComponent', 'type'].map((name) => [name, (object) => text(asJson(object)[name])]))
      .concat([['source', (object) => textAt(asJson(object), 'source', 'component')]]),
  ),
};

export const createdByPut: Strategy = { createsOnUpdate: true };
