import { WorkQueue } from '../../controllers/queue.ts';
import type { Program, ProgramContext } from '../../kubelet/programs.ts';
import { isObject } from '../../json.ts';
import { type KubeObject, asJson, timestamp } from '../../objects.ts';
import { fillTemplate, Sidecar, type SidecarParts } from './sidecar.ts';
import {
  BEING_DELETED,
  CONTENT_PROTECTION,
  DEFAULT_CLASS,
  DELETION_SECRET_NAME,
  DELETION_SECRET_NAMESPACE,
  SNAPSHOT_PROTECTION,
  SOURCE_PROTECTION,
  addFinalizers,
  field,
  removeFinalizers,
  setStatus,
  textField,
} from './snapshot-objects.ts';

const MANAGER = 'snapshot-controller';
const SECRET = 'csi.storage.k8s.io/snapshotter-secret';

/** The program `snapshot-controller`: binds VolumeSnapshots to their contents. */
export function snapshotController(parts: SidecarParts) {
  return (context: ProgramContext): Program => {
    const sidecar = new Sidecar(parts, context);
    void (async () => {
      // Without its definitions it cannot do anything, and ends after a while.
      for (let waited = 0; !sidecar.cluster.serves('VolumeSnapshot') && !sidecar.signal.aborted; waited += 500) {
        if (waited >= 30_000) {
          sidecar.log(
            'E0000 00:00:00.000000       1 main.go:214] "Exiting due to failure to ensure CRDs exist during startup"',
          );
          context.exit(1);
          return;
        }
        await sidecar.pause(500);
      }
      await sidecar.lead('snapshot-controller-leader');
      if (!sidecar.signal.aborted) follow(sidecar);
    })();
    return {};
  };
}

function follow(sidecar: Sidecar): void {
  const { cluster, signal } = sidecar;
  const queue = new WorkQueue(
    (key) => reconcile(sidecar, key),
    (key, error) =>
      sidecar.log(
        `E0000 00:00:00.000000       1 snapshot_controller_base.go:317] could not sync snapshot ${JSON.stringify(key)}: ${(error as Error).message}`,
      ),
  );
  const keyOf = ({ metadata }: KubeObject): string => `${metadata.namespace ?? ''}/${metadata.name}`;
  const addAll = (): void => {
    for (const one of cluster.list('VolumeSnapshot')) queue.add(keyOf(one));
  };
  cluster.on(['VolumeSnapshot'], ({ object }) => queue.add(keyOf(object)));
  cluster.on(['VolumeSnapshotContent', 'VolumeSnapshotClass', 'PersistentVolumeClaim'], addAll);
  addAll();
  signal.addEventListener('abort', () => queue.stop());
}

function reconcile(sidecar: Sidecar, key: string): void {
  const { cluster } = sidecar;
  const [namespace = '', name = ''] = key.split('/');
  const snapshot = cluster.get('VolumeSnapshot', namespace, name);
  if (!snapshot) return;
  const contentName = `snapcontent-${snapshot.metadata.uid ?? ''}`;
  const bound = textField(snapshot, 'spec', 'source', 'volumeSnapshotContentName') ?? contentName;
  const content = cluster.get('VolumeSnapshotContent', undefined, bound);
  if (snapshot.metadata.deletionTimestamp !== undefined) release(sidecar, snapshot, content);
  else if (content) bind(sidecar, snapshot, content);
  else create(sidecar, snapshot, contentName);
}

function create(sidecar: Sidecar, snapshot: KubeObject, contentName: string): void {
  const { cluster } = sidecar;
  const say = (reason: string, message: string): void => fail(sidecar, snapshot, reason, message);
  const { namespace = '', name, uid } = snapshot.metadata;
  const claimName = textField(snapshot, 'spec', 'source', 'persistentVolumeClaimName');
  const claim = cluster.get('PersistentVolumeClaim', namespace, claimName ?? '');
  const missing = `failed to create snapshot content with error`;
  if (!claim) {
    say(
      'SnapshotContentCreationFailed',
      `Failed to create snapshot content with error snapshot controller failed to update ${name} on API server: cannot get claim from snapshot`,
    );
    return;
  }
  const volume = cluster.get('PersistentVolume', undefined, claim.spec.volumeName ?? '');
  if (!volume?.spec.csi) {
    say(
      'SnapshotContentCreationFailed',
      `Failed to create snapshot content with error the PVC ${claim.metadata.name} is not yet bound to a PV, will not attempt to take a snapshot`,
    );
    return;
  }
  const found = classFor(sidecar, snapshot, volume.spec.csi.driver);
  if (typeof found === 'string') {
    say('SetDefaultSnapshotClassFailed', found);
    return;
  }
  const parameters = asJson(found).parameters;
  const texts = isObject(parameters) ? (parameters as Record<string, string>) : {};
  const [secretName, secretNamespace] = [texts[`${SECRET}-name`], texts[`${SECRET}-namespace`]];
  const values = {
    'volumesnapshot.namespace': namespace,
    'volumesnapshot.name': name,
    'volumesnapshotcontent.name': contentName,
  };
  const annotations =
    secretName !== undefined && secretNamespace !== undefined
      ? {
          [DELETION_SECRET_NAME]: fillTemplate(secretName, values),
          [DELETION_SECRET_NAMESPACE]: fillTemplate(secretNamespace, values),
        }
      : undefined;
  try {
    cluster.create(
      'VolumeSnapshotContent',
      {
        metadata: { name: contentName, finalizers: [CONTENT_PROTECTION], ...(annotations && { annotations }) },
        spec: {
          deletionPolicy: asJson(found).deletionPolicy,
          driver: volume.spec.csi.driver,
          source: { volumeHandle: volume.spec.csi.volumeHandle },
          volumeSnapshotClassName: found.metadata.name,
          volumeSnapshotRef: { apiVersion: snapshot.apiVersion, kind: snapshot.kind, name, namespace, uid },
          sourceVolumeMode: claim.spec.volumeMode ?? 'Filesystem',
        },
      },
      MANAGER,
    );
  } catch (error) {
    say('SnapshotContentCreationFailed', `${missing} ${(error as Error).message}`);
    return;
  }
  cluster.edit('VolumeSnapshot', snapshot, MANAGER, (copy) =>
    addFinalizers(copy, SOURCE_PROTECTION, SNAPSHOT_PROTECTION),
  );
  const message = `Waiting for a snapshot ${namespace}/${name} to be created by the CSI driver.`;
  cluster.event(snapshot, { component: MANAGER }, { type: 'Normal', reason: 'CreatingSnapshot', message });
}

/** The class that the snapshot names, or the default one of the driver; in words why there is none. */
function classFor(sidecar: Sidecar, snapshot: KubeObject, driver: string): KubeObject | string {
  const { cluster } = sidecar;
  const name = textField(snapshot, 'spec', 'volumeSnapshotClassName');
  if (name !== undefined) {
    const found = cluster.get('VolumeSnapshotClass', undefined, name);
    return (
      found ??
      `Failed to get snapshot class with error volumesnapshotclass.snapshot.storage.k8s.io ${JSON.stringify(name)} not found`
    );
  }
  const [first, ...more] = cluster
    .list('VolumeSnapshotClass')
    .filter((one) => one.metadata.annotations?.[DEFAULT_CLASS] === 'true' && field(one, 'driver') === driver);
  if (!first) return 'Failed to set default snapshot class with error cannot find default snapshot class';
  if (more.length > 0)
    return `Failed to set default snapshot class with error ${more.length + 1} default snapshot classes were found`;
  cluster.edit('VolumeSnapshot', snapshot, MANAGER, (copy) => {
    const spec = asJson(copy).spec;
    if (isObject(spec)) spec.volumeSnapshotClassName = first.metadata.name;
  });
  return first;
}

function bind(sidecar: Sidecar, snapshot: KubeObject, content: KubeObject): void {
  const { cluster } = sidecar;
  const wasReady = field(snapshot, 'status', 'readyToUse') === true;
  const isReady = field(content, 'status', 'readyToUse') === true;
  const size = field(content, 'status', 'restoreSize');
  const created = field(content, 'status', 'creationTime');
  const failure = field(content, 'status', 'error', 'message');
  cluster.edit(
    'VolumeSnapshot',
    snapshot,
    MANAGER,
    (copy) => {
      setStatus(copy, {
        boundVolumeSnapshotContentName: content.metadata.name,
        readyToUse: isReady,
        ...(typeof size === 'number' && { restoreSize: `${size / 1024 ** 3}Gi` }),
        ...(typeof created === 'number' && { creationTime: timestamp(created / 1e6) }),
        ...(typeof failure === 'string' && { error: { message: failure, time: timestamp() } }),
      });
      const status = asJson(copy).status;
      if (isObject(status) && typeof failure !== 'string') delete status.error;
    },
    'status',
  );
  if (!isReady || wasReady) return;
  const { namespace = '', name } = snapshot.metadata;
  const source = { component: MANAGER };
  cluster.event(snapshot, source, {
    type: 'Normal',
    reason: 'SnapshotCreated',
    message: `Snapshot ${namespace}/${name} was successfully created by the CSI driver.`,
  });
  cluster.event(snapshot, source, {
    type: 'Normal',
    reason: 'SnapshotReady',
    message: `Snapshot ${namespace}/${name} is ready to use.`,
  });
}

/** A snapshot that is being deleted takes its content along, where the class says so. */
function release(sidecar: Sidecar, snapshot: KubeObject, content: KubeObject | undefined): void {
  const { cluster } = sidecar;
  if (content && field(content, 'spec', 'deletionPolicy') === 'Delete') {
    const marked = cluster.edit('VolumeSnapshotContent', content, MANAGER, ({ metadata }) => {
      metadata.annotations = { ...metadata.annotations, [BEING_DELETED]: 'yes' };
    });
    cluster.delete('VolumeSnapshotContent', marked ?? content);
    // The driver's sidecar takes the protection away when the snapshot is gone.
    if (cluster.get('VolumeSnapshotContent', undefined, content.metadata.name)) return;
  }
  cluster.edit('VolumeSnapshot', snapshot, MANAGER, (copy) =>
    removeFinalizers(copy, SOURCE_PROTECTION, SNAPSHOT_PROTECTION),
  );
}

function fail(sidecar: Sidecar, snapshot: KubeObject, reason: string, message: string): void {
  const { cluster } = sidecar;
  if (field(snapshot, 'status', 'error', 'message') === message) return;
  cluster.edit(
    'VolumeSnapshot',
    snapshot,
    MANAGER,
    (copy) => setStatus(copy, { readyToUse: false, error: { message, time: timestamp() } }),
    'status',
  );
  cluster.event(snapshot, { component: MANAGER }, { type: 'Warning', reason, message });
}
