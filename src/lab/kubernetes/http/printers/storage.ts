import type { Claim, CsiNode, PersistentVolume, StorageClass } from '../../kinds.ts';
import { type JsonObject, at, text as scalar } from '../../json.ts';
import { type KubeObject, asJson } from '../../objects.ts';
import { DEFAULT_CLASS } from '../../registry/strategies/storage.ts';
import { type Printer, AGE, NAME, age, modes } from '../columns.ts';

const text = (name: string, priority = 0) => ({ name, type: 'string', ...(priority > 0 && { priority }) });
const phaseOf = (object: KubeObject, phase: string | undefined): string =>
  object.metadata.deletionTimestamp === undefined ? (phase ?? '') : 'Terminating';

export const claims: Printer = {
  columns: [
    NAME,
    text('Status'),
    text('Volume'),
    text('Capacity'),
    text('Access Modes'),
    text('StorageClass'),
    text('VolumeAttributesClass'),
    AGE,
    text('VolumeMode', 1),
  ],
  cells(object) {
    const { metadata, spec, status } = object as Claim;
    const isBound = spec.volumeName !== undefined;
    return [
      metadata.name,
      phaseOf(object, status.phase),
      spec.volumeName ?? '',
      isBound ? (status.capacity?.storage ?? '0') : '',
      isBound ? modes(status.accessModes) : '',
      spec.storageClassName ?? '',
      '<unset>',
      age(metadata.creationTimestamp),
      spec.volumeMode ?? '<unset>',
    ];
  },
};

export const volumes: Printer = {
  columns: [
    NAME,
    text('Capacity'),
    text('Access Modes'),
    text('Reclaim Policy'),
    text('Status'),
    text('Claim'),
    text('StorageClass'),
    text('VolumeAttributesClass'),
    text('Reason'),
    AGE,
    text('VolumeMode', 1),
  ],
  cells(object) {
    const { metadata, spec, status } = object as PersistentVolume;
    return [
      metadata.name,
      spec.capacity.storage,
      modes(spec.accessModes),
      spec.persistentVolumeReclaimPolicy ?? '',
      phaseOf(object, status.phase),
      spec.claimRef ? `${spec.claimRef.namespace ?? ''}/${spec.claimRef.name ?? ''}` : '',
      spec.storageClassName ?? '',
      '<unset>',
      status.reason ?? '',
      age(metadata.creationTimestamp),
      spec.volumeMode ?? '<unset>',
    ];
  },
};

export const storageClasses: Printer = {
  columns: [
    NAME,
    text('Provisioner'),
    text('ReclaimPolicy'),
    text('VolumeBindingMode'),
    text('AllowVolumeExpansion'),
    AGE,
  ],
  cells(object) {
    const { metadata, provisioner, reclaimPolicy, volumeBindingMode, allowVolumeExpansion } = object as StorageClass;
    const mark = metadata.annotations?.[DEFAULT_CLASS] === 'true' ? ' (default)' : '';
    return [
      `${metadata.name}${mark}`,
      provisioner,
      reclaimPolicy ?? 'Delete',
      volumeBindingMode ?? 'Immediate',
      allowVolumeExpansion === true,
      age(metadata.creationTimestamp),
    ];
  },
};

export const csiDrivers: Printer = {
  columns: [
    NAME,
    { name: 'AttachRequired', type: 'boolean' },
    { name: 'PodInfoOnMount', type: 'boolean' },
    { name: 'StorageCapacity', type: 'boolean' },
    text('TokenRequests'),
    { name: 'RequiresRepublish', type: 'boolean' },
    text('Modes'),
    AGE,
  ],
  cells(object) {
    const spec = (asJson(object).spec ?? {}) as JsonObject;
    const lifecycles = Array.isArray(spec.volumeLifecycleModes) ? spec.volumeLifecycleModes : [];
    return [
      object.metadata.name,
      spec.attachRequired !== false,
      spec.podInfoOnMount === true,
      spec.storageCapacity === true,
      '<unset>',
      spec.requiresRepublish === true,
      lifecycles.length === 0 ? '<none>' : lifecycles.map(scalar).join(','),
      age(object.metadata.creationTimestamp),
    ];
  },
};

export const csiNodes: Printer = {
  columns: [NAME, { name: 'Drivers', type: 'integer' }, AGE],
  cells: (object) => [
    object.metadata.name,
    (object as CsiNode).spec.drivers?.length ?? 0,
    age(object.metadata.creationTimestamp),
  ],
};

export const attachments: Printer = {
  columns: [NAME, text('Attacher'), text('PV'), text('Node'), { name: 'Attached', type: 'boolean' }, AGE],
  cells: (object) => [
    object.metadata.name,
    at(asJson(object), 'spec', 'attacher') ?? '',
    at(asJson(object), 'spec', 'source', 'persistentVolumeName') ?? '',
    at(asJson(object), 'spec', 'nodeName') ?? '',
    at(asJson(object), 'status', 'attached') === true,
    age(object.metadata.creationTimestamp),
  ],
};
