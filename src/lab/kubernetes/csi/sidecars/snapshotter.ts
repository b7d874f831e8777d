import { WorkQueue } from '../../controllers/queue.ts';
import type { Program, ProgramContext } from '../../kubelet/programs.ts';
import type { KubeObject } from '../../objects.ts';
import type { ControllerService, Secrets } from '../rpc.ts';
import { type Right, Sidecar, type SidecarParts, leaseNameFor } from './sidecar.ts';
import {
  BEING_DELETED,
  CONTENT_PROTECTION,
  DELETION_SECRET_NAME,
  DELETION_SECRET_NAMESPACE,
  GROUP,
  field,
  removeFinalizers,
  setStatus,
  textField,
} from './snapshot-objects.ts';

const MANAGER = 'csi-snapshotter';

const RIGHTS: readonly Right[] = [
  { verb: 'list', group: GROUP, resource: 'volumesnapshotcontents' },
  { verb: 'update', group: GROUP, resource: 'volumesnapshotcontents/status' },
];

/** The program `csi-snapshotter`: makes and deletes snapshots at the driver. */
export function snapshotter(parts: SidecarParts) {
  return (context: ProgramContext): Program => {
    const sidecar = new Sidecar(parts, context);
    void (async () => {
      const service = await sidecar.driver();
      if (!service?.controller) return;
      while (!sidecar.cluster.serves('VolumeSnapshotContent') && !sidecar.signal.aborted) {
        sidecar.log(
          'E0000 00:00:00.000000       1 reflector.go:205] "Failed to watch" err="failed to list *v1.VolumeSnapshotContent: the server could not find the requested resource (get volumesnapshotcontents.snapshot.storage.k8s.io)"',
        );
        await sidecar.pause(1000);
      }
      await sidecar.waitForRights(RIGHTS);
      await sidecar.lead(leaseNameFor('external-snapshotter-leader-', service.driverName));
      if (!sidecar.signal.aborted) follow(sidecar, service.driverName, service.controller);
    })();
    return {};
  };
}

function follow(sidecar: Sidecar, driver: string, controller: ControllerService): void {
  const { cluster, signal } = sidecar;
  const queue = new WorkQueue(
    (name) => reconcile(sidecar, driver, controller, name),
    (name, error) =>
      sidecar.log(
        `E0000 00:00:00.000000       1 snapshot_controller_base.go:359] could not sync content ${JSON.stringify(name)}: ${(error as Error).message}`,
      ),
  );
  cluster.on(['VolumeSnapshotContent'], ({ object }) => queue.add(object.metadata.name));
  for (const content of cluster.list('VolumeSnapshotContent')) queue.add(content.metadata.name);
  signal.addEventListener('abort', () => queue.stop());
}

async function reconcile(sidecar: Sidecar, driver: string, controller: ControllerService, name: string): Promise<void> {
  const content = sidecar.cluster.get('VolumeSnapshotContent', undefined, name);
  if (!content || field(content, 'spec', 'driver') !== driver) return;
  if (content.metadata.deletionTimestamp !== undefined) return remove(sidecar, controller, content);
  if (field(content, 'status', 'readyToUse') !== true) await create(sidecar, controller, content);
}

async function create(sidecar: Sidecar, controller: ControllerService, content: KubeObject): Promise<void> {
  const { cluster } = sidecar;
  const volume = textField(content, 'spec', 'source', 'volumeHandle');
  const uid = textField(content, 'spec', 'volumeSnapshotRef', 'uid');
  if (volume === undefined || uid === undefined) return;
  try {
    const made = await controller.createSnapshot(`snapshot-${uid}`, volume, secretsOf(sidecar, content));
    cluster.edit(
      'VolumeSnapshotContent',
      content,
      MANAGER,
      (copy) =>
        setStatus(copy, {
          snapshotHandle: made.snapshotId,
          creationTime: made.createdAt * 1e6,
          readyToUse: made.readyToUse,
          restoreSize: made.sizeBytes,
        }),
      'status',
    );
    if (!made.readyToUse) throw new Error(`snapshot ${made.snapshotId} is not ready yet`);
  } catch (error) {
    const message = (error as Error).message;
    if (!message.startsWith('rpc error')) throw error;
    const text = `Failed to check and update snapshot content: failed to take snapshot of the volume ${volume}: ${JSON.stringify(message)}`;
    cluster.edit(
      'VolumeSnapshotContent',
      content,
      MANAGER,
      (copy) => setStatus(copy, { readyToUse: false, error: { message: text, time: new Date().toISOString() } }),
      'status',
    );
    cluster.event(
      content,
      { component: `csi-snapshotter ${textField(content, 'spec', 'driver') ?? ''}` },
      { type: 'Warning', reason: 'SnapshotCreationFailed', message: text },
    );
    throw error;
  }
}

async function remove(sidecar: Sidecar, controller: ControllerService, content: KubeObject): Promise<void> {
  const { cluster } = sidecar;
  const handle =
    textField(content, 'status', 'snapshotHandle') ?? textField(content, 'spec', 'source', 'snapshotHandle');
  const isDeleted =
    content.metadata.annotations?.[BEING_DELETED] === 'yes' && field(content, 'spec', 'deletionPolicy') === 'Delete';
  if (isDeleted && handle !== undefined) {
    try {
      await controller.deleteSnapshot(handle, secretsOf(sidecar, content));
    } catch (error) {
      const message = `Failed to delete snapshot: ${(error as Error).message}`;
      cluster.event(
        content,
        { component: 'csi-snapshotter' },
        { type: 'Warning', reason: 'SnapshotDeleteError', message },
      );
      throw error;
    }
  }
  cluster.edit('VolumeSnapshotContent', content, MANAGER, (copy) => removeFinalizers(copy, CONTENT_PROTECTION));
}

function secretsOf(sidecar: Sidecar, { metadata }: KubeObject): Secrets {
  const name = metadata.annotations?.[DELETION_SECRET_NAME];
  const namespace = metadata.annotations?.[DELETION_SECRET_NAMESPACE];
  return name !== undefined && namespace !== undefined ? sidecar.secret({ name, namespace }) : {};
}
