import { type Json, type JsonObject, at, equal, isObject, text, textAt } from '../../json.ts';
import { type KubeObject, asJson, timestamp } from '../../objects.ts';
import { quantityValue } from '../../schema/quantity.ts';
import { type FieldError, forbiddenField, invalidValue, required, unsupported } from '../../status.ts';
import { goDiff } from '../go-diff.ts';
import type { Lookup, Strategy } from '../strategy.ts';

const ACCESS_MODES = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
export const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class';
export const PVC_PROTECTION = 'kubernetes.io/pvc-protection';
export const PV_PROTECTION = 'kubernetes.io/pv-protection';

function specOf(object: KubeObject): JsonObject {
  const { spec } = asJson(object);
  return isObject(spec) ? spec : {};
}

function addFinalizer(object: KubeObject, name: string): void {
  const finalizers = object.metadata.finalizers ?? [];
  if (!finalizers.includes(name)) object.metadata.finalizers = [...finalizers, name];
}

function accessModes(spec: JsonObject, message: string): FieldError[] {
  const modes = Array.isArray(spec.accessModes) ? spec.accessModes : [];
  if (modes.length === 0) return [required('spec.accessModes', message)];
  return modes
    .filter((mode) => typeof mode !== 'string' || !ACCESS_MODES.includes(mode))
    .map((mode) => unsupported('spec.accessModes', mode, ACCESS_MODES));
}

function immutable(field: string, now: Json | undefined, before: Json | undefined): FieldError[] {
  return equal(now, before) ? [] : [invalidValue(field, now, 'field is immutable')];
}

export const claim: Strategy = {
  returnsDeleted: true,
  defaults(object) {
    specOf(object).volumeMode ??= 'Filesystem';
    const json = asJson(object);
    if (!isObject(json.status)) json.status = {};
    json.status.phase ??= 'Pending';
  },
  create(object, lookup) {
    asJson(object).status = { phase: 'Pending' };
    addFinalizer(object, PVC_PROTECTION);
    const spec = specOf(object);
    const annotated = object.metadata.annotations?.['volume.beta.kubernetes.io/storage-class'];
    const newest = defaultClass(lookup);
    if (spec.storageClassName === undefined && annotated === undefined && newest) {
      spec.storageClassName = newest.metadata.name;
    }
  },
  validate(object) {
    const spec = specOf(object);
    const errors = accessModes(spec, 'at least 1 access mode is required');
    const storage = at(spec, 'resources', 'requests', 'storage');
    if (storage === undefined) errors.push(required('spec.resources[storage]'));
    else if (quantityValue(text(storage)) <= 0) {
      errors.push(invalidValue('spec.resources[storage]', storage, 'must be greater than zero'));
    }
    return errors;
  },
  validateUpdate(object, old) {
    const [now, before] = [specOf(object), specOf(old)];
    const isBound = at(asJson(object), 'status', 'phase') === 'Bound';
    const compared = (spec: JsonObject): JsonObject => ({
      ...spec,
      ...(isBound && { resources: withoutStorage(spec.resources), volumeAttributesClassName: undefined }),
      ...(before.volumeName === undefined && { volumeName: undefined }),
      ...(before.storageClassName === undefined && { storageClassName: undefined }),
    });
    const errors: FieldError[] = [];
    if (!equal(compared(now), compared(before))) {
      const rule =
        'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';
      errors.push(forbiddenField('spec', `${rule}\n${goDiff(internalClaim(before), internalClaim(now))}`));
    }
    const size = (spec: JsonObject): number => quantityValue(textAt(spec, 'resources', 'requests', 'storage'));
    const capacity = quantityValue(text(at(asJson(old), 'status', 'capacity', 'storage') ?? '0'));
    if (size(now) < size(before) && size(now) <= capacity) {
      errors.push(forbiddenField('spec.resources.requests.storage', 'field can not be less than status.capacity'));
    }
    return [...errors, ...immutable('volumeMode', now.volumeMode, before.volumeMode)];
  },
};

/** The claim's spec as the server has it in memory, which is what it compares in its message. */
function internalClaim(spec: JsonObject): JsonObject {
  const { resources, ...rest } = spec;
  return {
    AccessModes: rest.accessModes ?? null,
    Selector: rest.selector ?? null,
    Resources: { Limits: at(resources, 'limits') ?? null, Requests: at(resources, 'requests') ?? null },
    VolumeName: rest.volumeName ?? '',
    StorageClassName: rest.storageClassName ?? null,
    VolumeMode: rest.volumeMode ?? null,
    DataSource: rest.dataSource ?? null,
    DataSourceRef: rest.dataSourceRef ?? null,
    VolumeAttributesClassName: rest.volumeAttributesClassName ?? null,
  };
}

function withoutStorage(resources: Json | undefined): JsonObject {
  const requests = at(resources, 'requests');
  return {
    ...(isObject(resources) ? resources : {}),
    requests: { ...(isObject(requests) ? requests : {}), storage: undefined },
  };
}

/** The newest of the classes that are marked as the default. */
function defaultClass(lookup: Lookup): KubeObject | undefined {
  return lookup
    .list('storage.k8s.io/storageclasses')
    .filter((one) => one.metadata.annotations?.[DEFAULT_CLASS] === 'true')
    .sort((a, b) => ((a.metadata.creationTimestamp ?? '') > (b.metadata.creationTimestamp ?? '') ? -1 : 1))[0];
}

const RECLAIM = ['Delete', 'Recycle', 'Retain'];

export const volume: Strategy = {
  returnsDeleted: true,
  defaults(object) {
    const spec = specOf(object);
    spec.persistentVolumeReclaimPolicy ??= 'Retain';
    spec.volumeMode ??= 'Filesystem';
    const json = asJson(object);
    if (!isObject(json.status)) json.status = {};
    json.status.phase ??= 'Pending';
  },
  create(object) {
    asJson(object).status = { phase: 'Pending', lastPhaseTransitionTime: timestamp() };
    addFinalizer(object, PV_PROTECTION);
  },
  validate(object) {
    const spec = specOf(object);
    const errors = accessModes(spec, '');
    const capacity = isObject(spec.capacity) ? spec.capacity : {};
    if (spec.capacity === undefined) errors.push(required('spec.capacity'));
    if (capacity.storage === undefined || Object.keys(capacity).length > 1) {
      errors.push(unsupported('spec.capacity', spec.capacity, ['storage']));
    }
    if (!RECLAIM.includes(text(spec.persistentVolumeReclaimPolicy))) {
      errors.push(unsupported('spec.persistentVolumeReclaimPolicy', spec.persistentVolumeReclaimPolicy, RECLAIM));
    }
    const sources = ['csi', 'nfs', 'hostPath', 'local', 'cephfs', 'iscsi', 'rbd', 'fc', 'cinder', 'flexVolume'];
    if (sources.every((name) => spec[name] === undefined)) errors.push(required('spec', 'must specify a volume type'));
    return errors;
  },
  validateUpdate(object, old) {
    const [now, before] = [specOf(object), specOf(old)];
    // A missing expansion secret may be added later, nothing else.
    const source = (spec: JsonObject): Json =>
      isObject(spec.csi) && at(before.csi, 'controllerExpandSecretRef') === undefined
        ? { ...spec.csi, controllerExpandSecretRef: undefined }
        : (spec.csi ?? null);
    const errors = equal(source(now), source(before))
      ? []
      : [forbiddenField('spec.persistentvolumesource', 'spec.persistentvolumesource is immutable after creation')];
    return [...errors, ...immutable('volumeMode', now.volumeMode, before.volumeMode)];
  },
};

export const storageClass: Strategy = {
  returnsDeleted: true,
  defaults(object) {
    const json = asJson(object);
    json.reclaimPolicy ??= 'Delete';
    json.volumeBindingMode ??= 'Immediate';
  },
  validate(object) {
    const { reclaimPolicy, volumeBindingMode } = asJson(object);
    const errors: FieldError[] = [];
    const policies = ['Delete', 'Retain'];
    const modes = ['Immediate', 'WaitForFirstConsumer'];
    if (!policies.includes(text(reclaimPolicy))) errors.push(unsupported('reclaimPolicy', reclaimPolicy, policies));
    if (!modes.includes(text(volumeBindingMode)))
      errors.push(unsupported('volumeBindingMode', volumeBindingMode, modes));
    return errors;
  },
  validateUpdate(object, old) {
    const [now, before] = [asJson(object), asJson(old)];
    const errors = ['parameters', 'provisioner', 'reclaimPolicy']
      .filter((field) => !equal(now[field], before[field]))
      .map((field) => forbiddenField(field, `updates to ${field} are forbidden.`));
    return [...errors, ...immutable('volumeBindingMode', now.volumeBindingMode, before.volumeBindingMode)];
  },
};

const FS_GROUP_POLICIES = ['File', 'None', 'ReadWriteOnceWithFSType'];
const LIFECYCLE_MODES = ['Ephemeral', 'Persistent'];

export const csiDriver: Strategy = {
  returnsDeleted: true,
  tracksGeneration: 'changes',
  needsVersion: true,
  validate(object) {
    const { fsGroupPolicy, volumeLifecycleModes } = specOf(object);
    const errors: FieldError[] = [];
    if (!FS_GROUP_POLICIES.includes(text(fsGroupPolicy))) {
      errors.push(unsupported('spec.fsGroupPolicy', fsGroupPolicy, FS_GROUP_POLICIES));
    }
    const modes = Array.isArray(volumeLifecycleModes) ? volumeLifecycleModes : [];
    const wrong = modes.filter((mode) => !LIFECYCLE_MODES.includes(text(mode)));
    return [...errors, ...wrong.map((mode) => unsupported('spec.volumeLifecycleModes', mode, LIFECYCLE_MODES))];
  },
  defaults(object) {
    const spec = specOf(object);
    spec.attachRequired ??= true;
    spec.podInfoOnMount ??= false;
    spec.storageCapacity ??= false;
    spec.fsGroupPolicy ??= 'ReadWriteOnceWithFSType';
    spec.volumeLifecycleModes ??= ['Persistent'];
    spec.requiresRepublish ??= false;
    spec.seLinuxMount ??= false;
  },
  validateUpdate(object, old) {
    const [now, before] = [specOf(object), specOf(old)];
    return [
      ...immutable('spec.attachedRequired', now.attachRequired, before.attachRequired),
      ...immutable('spec.volumeLifecycleModes', now.volumeLifecycleModes, before.volumeLifecycleModes),
    ];
  },
};

export const csiNode: Strategy = { returnsDeleted: true, needsVersion: true };
export const volumeAttachment: Strategy = { returnsDeleted: true, needsVersion: true };
