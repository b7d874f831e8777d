import type { Claim, PersistentVolume, StorageClass } from '../../kinds.ts';
import type { Program, ProgramContext } from '../../kubelet/programs.ts';
import { WorkQueue } from '../../controllers/queue.ts';
import { SELECTED_NODE } from '../../controllers/scheduler.ts';
import { at, textAt } from '../../json.ts';
import { asJson, type KubeObject } from '../../objects.ts';
import { quantityValue } from '../../schema/quantity.ts';
import type { ControllerService, CreatedVolume } from '../rpc.ts';
import { classSecret, driverParameters } from './class-secrets.ts';
import { type Right, Sidecar, type SidecarParts, leaseNameFor } from './sidecar.ts';

const PROVISIONER = 'volume.kubernetes.io/storage-provisioner';
const PROVISIONED_BY = 'pv.kubernetes.io/provisioned-by';
const FINALIZER = 'external-provisioner.volume.kubernetes.io/finalizer';
const DELETION_SECRET = 'volume.kubernetes.io/provisioner-deletion-secret';
const MANAGER = 'csi-provisioner';
const SNAPSHOT_GROUP = 'snapshot.storage.k8s.io';

const RIGHTS: readonly Right[] = [
  { verb: 'list', group: '', resource: 'persistentvolumeclaims' },
  { verb: 'watch', group: '', resource: 'persistentvolumeclaims' },
  { verb: 'list', group: '', resource: 'persistentvolumes' },
  { verb: 'create', group: '', resource: 'persistentvolumes' },
  { verb: 'delete', group: '', resource: 'persistentvolumes' },
  { verb: 'list', group: 'storage.k8s.io', resource: 'storageclasses' },
];

/** The program `csi-provisioner`: makes volumes for claims, and deletes those that were released. */
export function provisioner(parts: SidecarParts) {
  return (context: ProgramContext): Program => {
    const sidecar = new Sidecar(parts, context);
    void (async () => {
      const service = await sidecar.driver();
      if (!service?.controller) return;
      await sidecar.waitForRights(RIGHTS);
      await sidecar.lead(leaseNameFor('', service.driverName));
      if (!sidecar.signal.aborted) new Provisioner(sidecar, service.driverName, service.controller).start();
    })();
    return {};
  };
}

class Provisioner {
  readonly #sidecar: Sidecar;
  readonly #driver: string;
  readonly #controller: ControllerService;
  /** What the driver's volumes carry, so that another one's are told apart. */
  readonly #identity: string;

  constructor(sidecar: Sidecar, driver: string, controller: ControllerService) {
    this.#sidecar = sidecar;
    this.#driver = driver;
    this.#controller = controller;
    this.#identity = `${Date.now()}-${Math.floor(Math.random() * 10_000)}-${driver}`;
  }

  start(): void {
    const { cluster, signal } = this.#sidecar;
    const failed = (key: string, error: unknown): void =>
      this.#sidecar.log(
        `E0000 00:00:00.000000       1 controller.go:974] "error syncing" key="${key}" err="${(error as Error).message}"`,
      );
    const claims = new WorkQueue((key) => this.#provision(key), failed);
    const volumes = new WorkQueue((name) => this.#delete(name), failed);
    cluster.on(['PersistentVolumeClaim'], ({ object }) => claims.add(keyOf(object)));
    cluster.on(['PersistentVolume'], ({ object }) => volumes.add(object.metadata.name));
    for (const claim of cluster.list('PersistentVolumeClaim')) claims.add(keyOf(claim));
    for (const volume of cluster.list('PersistentVolume')) volumes.add(volume.metadata.name);
    signal.addEventListener('abort', () => {
      claims.stop();
      volumes.stop();
    });
  }

  async #provision(key: string): Promise<void> {
    const { cluster } = this.#sidecar;
    const [namespace = '', name = ''] = key.split('/');
    const claim = cluster.get('PersistentVolumeClaim', namespace, name);
    if (claim?.metadata.annotations?.[PROVISIONER] !== this.#driver || claim.status.phase !== 'Pending') return;
    if (claim.spec.volumeName !== undefined || claim.metadata.deletionTimestamp !== undefined) return;
    const found = cluster.get('StorageClass', undefined, claim.spec.storageClassName ?? '');
    if (found?.provisioner !== this.#driver) return;
    if (found.volumeBindingMode === 'WaitForFirstConsumer' && claim.metadata.annotations[SELECTED_NODE] === undefined)
      return;
    const volumeName = `pvc-${claim.metadata.uid ?? ''}`;
    if (cluster.get('PersistentVolume', undefined, volumeName)) return;
    this.#say(
      claim,
      'Normal',
      'Provisioning',
      `External provisioner is provisioning volume for claim ${JSON.stringify(key)}`,
    );
    try {
      const volume = await this.#create(claim, found, volumeName);
      if (this.#sidecar.signal.aborted) return;
      this.#sidecar.cluster.create('PersistentVolume', volume, MANAGER);
      this.#say(claim, 'Normal', 'ProvisioningSucceeded', `Successfully provisioned volume ${volumeName}`);
    } catch (error) {
      const why = (error as Error).message;
      const message = `failed to provision volume with StorageClass ${JSON.stringify(found.metadata.name)}: ${why}`;
      this.#say(claim, 'Warning', 'ProvisioningFailed', message);
      throw error;
    }
  }

  async #create(claim: Claim, found: StorageClass, volumeName: string): Promise<object> {
    const parameters = found.parameters ?? {};
    const own = driverParameters(parameters);
    const { namespace = '', name } = claim.metadata;
    if (this.#sidecar.flags.bool('extra-create-metadata')) {
      own['csi.storage.k8s.io/pvc/name'] = name;
      own['csi.storage.k8s.io/pvc/namespace'] = namespace;
      own['csi.storage.k8s.io/pv/name'] = volumeName;
    }
    const reference = classSecret('provisioner', parameters, volumeName, claim);
    const secrets = reference ? this.#read(reference) : {};
    const created = await this.#controller.createVolume({
      name: volumeName,
      requiredBytes: quantityValue(claim.spec.resources.requests.storage),
      parameters: own,
      secrets,
      isBlock: claim.spec.volumeMode === 'Block',
      snapshotId: this.#snapshotFor(claim),
    });
    const refs = Object.fromEntries(
      (['controllerExpand', 'nodePublish', 'nodeStage'] as const)
        .map((role) => [`${role}SecretRef`, classSecret(role, parameters, volumeName, claim)] as const)
        .filter(([, ref]) => ref !== undefined),
    );
    return this.#volume(claim, found, volumeName, created, refs, reference);
  }

  #volume(
    claim: Claim,
    found: StorageClass,
    volumeName: string,
    created: CreatedVolume,
    refs: object,
    deletionSecret: { name: string; namespace: string } | undefined,
  ): object {
    const { namespace, name, uid, resourceVersion } = claim.metadata;
    const secretNotes = deletionSecret && {
      [`${DELETION_SECRET}-name`]: deletionSecret.name,
      [`${DELETION_SECRET}-namespace`]: deletionSecret.namespace,
    };
    return {
      metadata: {
        name: volumeName,
        annotations: { [PROVISIONED_BY]: this.#driver, ...secretNotes },
        finalizers: [FINALIZER],
      },
      spec: {
        capacity: { storage: `${created.capacityBytes / 1024 ** 3}Gi` },
        accessModes: claim.spec.accessModes,
        persistentVolumeReclaimPolicy: found.reclaimPolicy ?? 'Delete',
        storageClassName: found.metadata.name,
        volumeMode: claim.spec.volumeMode ?? 'Filesystem',
        ...(found.mountOptions && { mountOptions: found.mountOptions }),
        claimRef: { kind: 'PersistentVolumeClaim', apiVersion: 'v1', namespace, name, uid, resourceVersion },
        csi: {
          driver: this.#driver,
          volumeHandle: created.volumeId,
          volumeAttributes: {
            ...created.volumeContext,
            'storage.kubernetes.io/csiProvisionerIdentity': this.#identity,
          },
          ...refs,
        },
      },
    };
  }

  /** The handle of the snapshot that a claim is restored from. */
  #snapshotFor({ spec, metadata }: Claim): string | undefined {
    const source = spec.dataSource ?? spec.dataSourceRef;
    if (!source) return undefined;
    if (source.kind !== 'VolumeSnapshot' || source.apiGroup !== SNAPSHOT_GROUP) {
      if (source.kind === 'PersistentVolumeClaim')
        throw new Error('CSI driver does not support clone operations: driver does not support cloning');
      throw new Error(`unsupported DataSource ${source.apiGroup ?? ''}/${source.kind}`);
    }
    const { cluster } = this.#sidecar;
    const missing = (why: string): Error =>
      new Error(`error getting handle for DataSource Type VolumeSnapshot by Name ${source.name}: ${why}`);
    const snapshot = cluster.get('VolumeSnapshot', metadata.namespace, source.name);
    if (!snapshot)
      throw missing(
        `error getting snapshot ${source.name} from api server: volumesnapshots.snapshot.storage.k8s.io ${JSON.stringify(source.name)} not found`,
      );
    const status = asJson(snapshot).status;
    if (at(status, 'readyToUse') !== true) throw missing(`snapshot ${source.name} is not Ready`);
    const content = cluster.get('VolumeSnapshotContent', undefined, textAt(status, 'boundVolumeSnapshotContentName'));
    const handle = content && at(asJson(content), 'status', 'snapshotHandle');
    if (typeof handle !== 'string') throw missing(`snapshot ${source.name} does not have a snapshot handle`);
    return handle;
  }

  async #delete(name: string): Promise<void> {
    const { cluster } = this.#sidecar;
    const volume = cluster.get('PersistentVolume', undefined, name);
    if (!volume || !this.#isToBeDeleted(volume)) return;
    const { annotations = {} } = volume.metadata;
    const [secretName, secretNamespace] = [
      annotations[`${DELETION_SECRET}-name`],
      annotations[`${DELETION_SECRET}-namespace`],
    ];
    try {
      const secrets = secretName && secretNamespace ? this.#read({ name: secretName, namespace: secretNamespace }) : {};
      await this.#controller.deleteVolume(volume.spec.csi?.volumeHandle ?? '', secrets);
    } catch (error) {
      this.#say(volume, 'Warning', 'VolumeFailedDelete', (error as Error).message);
      throw error;
    }
    cluster.delete('PersistentVolume', volume);
    const now = cluster.get('PersistentVolume', undefined, name);
    if (!now) return;
    cluster.edit('PersistentVolume', now, MANAGER, ({ metadata }) => {
      metadata.finalizers = (metadata.finalizers ?? []).filter((one) => one !== FINALIZER);
    });
  }

  #isToBeDeleted({ spec, status, metadata }: PersistentVolume): boolean {
    if (metadata.annotations?.[PROVISIONED_BY] !== this.#driver || spec.persistentVolumeReclaimPolicy !== 'Delete')
      return false;
    if (!metadata.finalizers?.includes(FINALIZER)) return false;
    return status.phase === 'Released' || (metadata.deletionTimestamp !== undefined && status.phase !== 'Bound');
  }

  #read(reference: { name: string; namespace: string }): Readonly<Record<string, string>> {
    try {
      return this.#sidecar.secret(reference);
    } catch (error) {
      throw new Error(
        `error getting secret ${reference.name} in namespace ${reference.namespace}: ${(error as Error).message}`,
      );
    }
  }

  #say(about: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.#sidecar.cluster.event(about, { component: this.#sidecar.component(this.#driver) }, { type, reason, message });
  }
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}
