import type { Cluster } from '../cluster.ts';
import type { Claim, PersistentVolume, StorageClass } from '../kinds.ts';
import { timestamp } from '../objects.ts';
import { PVC_PROTECTION, PV_PROTECTION } from '../registry/strategies/storage.ts';
import { quantityValue } from '../schema/quantity.ts';
import { labelSelectorTest } from '../store/selectors.ts';
import { isActive } from './pods.ts';
import { SELECTED_NODE } from './scheduler.ts';

const COMPONENT = 'persistentvolume-controller';
const MANAGER = 'kube-controller-manager';
const BIND_COMPLETED = 'pv.kubernetes.io/bind-completed';
const BOUND_BY_CONTROLLER = 'pv.kubernetes.io/bound-by-controller';
const PROVISIONER = ['volume.beta.kubernetes.io/storage-provisioner', 'volume.kubernetes.io/storage-provisioner'];

/** Binds claims and volumes to each other, and hands claims that have none to their provisioner. */
export function reconcileClaim(cluster: Cluster, claim: Claim): void {
  if (releaseClaim(cluster, claim)) return;
  const volumes = cluster.list('PersistentVolume');
  const { volumeName } = claim.spec;
  if (volumeName !== undefined && volumeName !== '') {
    const volume = volumes.find(({ metadata }) => metadata.name === volumeName);
    if (volume && isFor(volume, claim)) bind(cluster, claim, volume);
    else if (!volume && claim.metadata.annotations?.[BIND_COMPLETED] !== undefined) lose(cluster, claim);
    return;
  }
  const volume = volumes.find((one) => isReservedFor(one, claim)) ?? smallestFitting(volumes, claim);
  if (volume) bind(cluster, claim, volume);
  else if (claim.metadata.deletionTimestamp === undefined) askProvisioner(cluster, claim);
}

/** Lets a claim that is being deleted go, once no pod uses it. Returns whether it was in that state. */
function releaseClaim(cluster: Cluster, claim: Claim): boolean {
  if (claim.metadata.deletionTimestamp === undefined || !claim.metadata.finalizers?.includes(PVC_PROTECTION))
    return false;
  const isUsed = cluster
    .list('Pod', claim.metadata.namespace)
    .some(
      (pod) =>
        (isActive(pod) || pod.metadata.deletionTimestamp !== undefined) &&
        pod.status.phase !== 'Succeeded' &&
        pod.status.phase !== 'Failed' &&
        pod.spec.nodeName !== undefined &&
        pod.spec.volumes?.some(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === claim.metadata.name),
    );
  if (isUsed) return false;
  cluster.edit('PersistentVolumeClaim', claim, MANAGER, ({ metadata }) => {
    metadata.finalizers = (metadata.finalizers ?? []).filter((one) => one !== PVC_PROTECTION);
  });
  return true;
}

function isFor({ spec }: PersistentVolume, claim: Claim): boolean {
  const { claimRef } = spec;
  if (!claimRef) return true;
  const isNamed = claimRef.name === claim.metadata.name && claimRef.namespace === claim.metadata.namespace;
  return isNamed && (claimRef.uid === undefined || claimRef.uid === claim.metadata.uid);
}

function isReservedFor(volume: PersistentVolume, claim: Claim): boolean {
  return volume.spec.claimRef !== undefined && isFor(volume, claim);
}

function smallestFitting(volumes: readonly PersistentVolume[], claim: Claim): PersistentVolume | undefined {
  const wanted = quantityValue(claim.spec.resources.requests.storage);
  const matches = claim.spec.selector ? labelSelectorTest(claim.spec.selector) : () => true;
  const size = ({ spec }: PersistentVolume): number => quantityValue(spec.capacity.storage);
  return volumes
    .filter(
      (volume) =>
        !volume.spec.claimRef &&
        volume.metadata.deletionTimestamp === undefined &&
        (volume.spec.storageClassName ?? '') === (claim.spec.storageClassName ?? '') &&
        (volume.spec.volumeMode ?? 'Filesystem') === (claim.spec.volumeMode ?? 'Filesystem') &&
        claim.spec.accessModes.every((mode) => volume.spec.accessModes.includes(mode)) &&
        size(volume) >= wanted &&
        matches(volume.metadata.labels),
    )
    .sort((a, b) => size(a) - size(b))[0];
}

function bind(cluster: Cluster, claim: Claim, volume: PersistentVolume): void {
  const { name, namespace, uid, resourceVersion } = claim.metadata;
  const isNew = volume.spec.claimRef?.uid !== uid;
  const bound = cluster.edit('PersistentVolume', volume, MANAGER, ({ spec, metadata }) => {
    if (!isNew) return;
    if (!spec.claimRef) metadata.annotations = { ...metadata.annotations, [BOUND_BY_CONTROLLER]: 'yes' };
    const reference = { namespace, uid, resourceVersion };
    const known = Object.fromEntries(Object.entries(reference).filter(([, value]) => value !== undefined));
    spec.claimRef = { kind: 'PersistentVolumeClaim', name, apiVersion: 'v1', ...known };
  });
  if (!bound) return;
  setVolumePhase(cluster, bound, 'Bound');
  const edited = cluster.edit('PersistentVolumeClaim', claim, MANAGER, ({ spec, metadata }) => {
    const annotations: Record<string, string> = { ...metadata.annotations, [BIND_COMPLETED]: 'yes' };
    if (spec.volumeName === undefined) annotations[BOUND_BY_CONTROLLER] = 'yes';
    metadata.annotations = annotations;
    spec.volumeName = volume.metadata.name;
  });
  if (!edited || edited.status.phase === 'Bound') return;
  cluster.edit(
    'PersistentVolumeClaim',
    edited,
    MANAGER,
    ({ status }) => {
      status.phase = 'Bound';
      status.accessModes = volume.spec.accessModes;
      status.capacity = { storage: volume.spec.capacity.storage };
    },
    'status',
  );
}

function lose(cluster: Cluster, claim: Claim): void {
  if (claim.status.phase === 'Lost') return;
  cluster.edit(
    'PersistentVolumeClaim',
    claim,
    MANAGER,
    (copy) => {
      copy.status = { phase: 'Lost' };
    },
    'status',
  );
  const message = 'Bound claim has lost its PersistentVolume. Data on the volume is lost!';
  cluster.event(claim, { component: COMPONENT }, { type: 'Warning', reason: 'ClaimLost', message });
}

function askProvisioner(cluster: Cluster, claim: Claim): void {
  // Claims are looked at whenever a pod changes; what is said about them is said again every 15 s, as there.
  const say = (type: 'Normal' | 'Warning', reason: string, message: string): void =>
    cluster.event(claim, { component: COMPONENT }, { type, reason, message, notWithinMs: 15_000 });
  const className = claim.spec.storageClassName ?? '';
  if (className === '') {
    say('Normal', 'FailedBinding', 'no persistent volumes available for this claim and no storage class is set');
    return;
  }
  const found = cluster.get('StorageClass', undefined, className);
  if (!found) {
    say('Warning', 'ProvisioningFailed', `storageclass.storage.k8s.io ${JSON.stringify(className)} not found`);
    return;
  }
  if (waitsForPod(found, claim)) {
    say('Normal', 'WaitForFirstConsumer', 'waiting for first consumer to be created before binding');
    return;
  }
  const { provisioner } = found;
  const edited = cluster.edit('PersistentVolumeClaim', claim, MANAGER, ({ metadata }) => {
    metadata.annotations = {
      ...metadata.annotations,
      ...Object.fromEntries(PROVISIONER.map((key) => [key, provisioner])),
    };
  });
  if (!edited) return;
  say(
    'Normal',
    'ExternalProvisioning',
    `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`,
  );
}

function waitsForPod({ volumeBindingMode }: StorageClass, { metadata }: Claim): boolean {
  return volumeBindingMode === 'WaitForFirstConsumer' && metadata.annotations?.[SELECTED_NODE] === undefined;
}

/** Follows a volume's claim, and lets a volume that is being deleted go once nothing is bound to it. */
export function reconcileVolume(cluster: Cluster, volume: PersistentVolume): void {
  const { claimRef } = volume.spec;
  const claim = claimRef && cluster.get('PersistentVolumeClaim', claimRef.namespace, claimRef.name ?? '');
  const isBound = claimRef?.uid !== undefined && claim?.metadata.uid === claimRef.uid;
  if (isBound) setVolumePhase(cluster, volume, 'Bound');
  else if (claimRef?.uid !== undefined) setVolumePhase(cluster, volume, 'Released');
  else if (!claim) setVolumePhase(cluster, volume, 'Available');
  if (volume.metadata.deletionTimestamp === undefined || isBound) return;
  const now = cluster.get('PersistentVolume', undefined, volume.metadata.name);
  if (!now?.metadata.finalizers?.includes(PV_PROTECTION)) return;
  cluster.edit('PersistentVolume', now, MANAGER, ({ metadata }) => {
    metadata.finalizers = (metadata.finalizers ?? []).filter((one) => one !== PV_PROTECTION);
  });
}

function setVolumePhase(cluster: Cluster, volume: PersistentVolume, phase: string): void {
  if (volume.status.phase === phase) return;
  cluster.edit(
    'PersistentVolume',
    volume,
    MANAGER,
    (copy) => {
      copy.status = { phase, lastPhaseTransitionTime: timestamp() };
    },
    'status',
  );
}
