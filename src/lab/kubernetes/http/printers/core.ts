import type { EventObject, Node } from '../../kinds.ts';
import { type Json, at, isObject, textAt } from '../../json.ts';
import { type KubeObject, asJson } from '../../objects.ts';
import { type Column, type Printer, AGE, NAME, age, labels } from '../columns.ts';

const text = (name: string, priority = 0): Column => ({ name, type: 'string', ...(priority > 0 && { priority }) });
const size = (value: Json | undefined): number => (isObject(value) ? Object.keys(value).length : 0);
const orNone = (value: string): string => (value === '' ? '<none>' : value);

export const nodes: Printer = {
  columns: [
    NAME,
    text('Status'),
    text('Roles'),
    AGE,
    text('Version'),
    text('Internal-IP', 1),
    text('External-IP', 1),
    text('OS-Image', 1),
    text('Kernel-Version', 1),
    text('Container-Runtime', 1),
  ],
  cells(object) {
    const { metadata, spec, status } = object as Node;
    const ready = status.conditions?.find(({ type }) => type === 'Ready');
    const state = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady';
    const roles = Object.keys(metadata.labels ?? {})
      .flatMap((key) =>
        key.startsWith('node-role.kubernetes.io/') ? [key.slice('node-role.kubernetes.io/'.length)] : [],
      )
      .sort();
    const address = (type: string): string => status.addresses?.find((one) => one.type === type)?.address ?? '<none>';
    const info = status.nodeInfo ?? {};
    return [
      metadata.name,
      spec.unschedulable ? `${state},SchedulingDisabled` : state,
      orNone(roles.join(',')),
      age(metadata.creationTimestamp),
      info.kubeletVersion ?? '',
      address('InternalIP'),
      address('ExternalIP'),
      info.osImage ?? '<unknown>',
      info.kernelVersion ?? '<unknown>',
      info.containerRuntimeVersion ?? '<unknown>',
    ];
  },
};

export const namespaces: Printer = {
  columns: [NAME, text('Status'), AGE],
  cells: (object) => [
    object.metadata.name,
    at(asJson(object), 'status', 'phase') ?? '',
    age(object.metadata.creationTimestamp),
  ],
};

export const configMaps: Printer = {
  columns: [NAME, text('Data'), AGE],
  cells(object) {
    const { data, binaryData } = asJson(object);
    return [object.metadata.name, size(data) + size(binaryData), age(object.metadata.creationTimestamp)];
  },
};

export const secrets: Printer = {
  columns: [NAME, text('Type'), text('Data'), AGE],
  cells(object) {
    const { type, data } = asJson(object);
    return [object.metadata.name, type ?? '', size(data), age(object.metadata.creationTimestamp)];
  },
};

export const serviceAccounts: Printer = {
  columns: [NAME, AGE],
  cells: (object) => [object.metadata.name, age(object.metadata.creationTimestamp)],
};

export const services: Printer = {
  columns: [NAME, text('Type'), text('Cluster-IP'), text('External-IP'), text('Port(s)'), AGE, text('Selector', 1)],
  cells(object) {
    const spec = asJson(object).spec;
    const ports = at(spec, 'ports');
    const list = (Array.isArray(ports) ? ports : []).map(
      (port) => `${textAt(port, 'port')}/${textAt(port, 'protocol')}`,
    );
    return [
      object.metadata.name,
      at(spec, 'type') ?? '',
      orNone(textAt(spec, 'clusterIP')),
      '<none>',
      orNone(list.join(',')),
      age(object.metadata.creationTimestamp),
      labels(at(spec, 'selector') as Record<string, string> | undefined),
    ];
  },
};

export const events: Printer = {
  columns: [
    text('Last Seen'),
    text('Type'),
    text('Reason'),
    text('Object'),
    text('Subobject', 1),
    text('Source', 1),
    text('Message'),
    text('First Seen', 1),
    text('Count', 1),
    text('Name', 1),
  ],
  cells(object) {
    const event = object as EventObject;
    const first = age(event.firstTimestamp ?? event.eventTime);
    const { involvedObject, source } = event;
    return [
      event.lastTimestamp ? age(event.lastTimestamp) : first,
      event.type,
      event.reason,
      `${(involvedObject.kind ?? '').toLowerCase()}/${involvedObject.name ?? ''}`,
      involvedObject.fieldPath ?? '',
      [source?.component ?? event.reportingComponent, source?.host].filter(Boolean).join(', '),
      event.message.trim(),
      first,
      event.count ?? 1,
      event.metadata.name,
    ];
  },
};

export const leases: Printer = {
  columns: [NAME, text('Holder'), AGE],
  cells: (object) => [
    object.metadata.name,
    at(asJson(object), 'spec', 'holderIdentity') ?? '',
    age(object.metadata.creationTimestamp),
  ],
};

export const priorityClasses: Printer = {
  columns: [
    NAME,
    { name: 'Value', type: 'integer' },
    { name: 'Global-Default', type: 'boolean' },
    AGE,
    text('PreemptionPolicy'),
  ],
  cells(object) {
    const { value, globalDefault, preemptionPolicy } = asJson(object);
    return [
      object.metadata.name,
      value ?? 0,
      globalDefault === true,
      age(object.metadata.creationTimestamp),
      preemptionPolicy ?? '',
    ];
  },
};

export const bindings: Printer = {
  columns: [NAME, text('Role'), AGE, text('Users', 1), text('Groups', 1), text('ServiceAccounts', 1)],
  cells(object: KubeObject) {
    const { roleRef, subjects } = asJson(object);
    const list = Array.isArray(subjects) ? subjects : [];
    const of = (kind: string): string =>
      list
        .filter((one) => at(one, 'kind') === kind)
        .map((one) => [textAt(one, 'namespace'), textAt(one, 'name')].filter(Boolean).join('/'))
        .join(', ');
    return [
      object.metadata.name,
      `${textAt(roleRef, 'kind')}/${textAt(roleRef, 'name')}`,
      age(object.metadata.creationTimestamp),
      of('User'),
      of('Group'),
      of('ServiceAccount'),
    ];
  },
};
