import { WorkQueue } from '../../controllers/queue.ts';
import type { Claim, PersistentVolume } from '../../kinds.ts';
import type { Program, ProgramContext } from '../../kubelet/programs.ts';
import { at, isObject } from '../../json.ts';
import { type KubeObject, asJson, timestamp } from '../../objects.ts';
import { quantityValue } from '../../schema/quantity.ts';
import type { ControllerService } from '../rpc.ts';
import { type Right, Sidecar, type SidecarParts, leaseNameFor } from './sidecar.ts';

const MANAGER = 'csi-resizer';

const RIGHTS: readonly Right[] = [
  { verb: 'list', group: '', resource: 'persistentvolumeclaims' },
  { verb: 'patch', group: '', resource: 'persistentvolumeclaims/status' },
  { verb: 'list', group: '', resource: 'persistentvolumes' },
  { verb: 'patch', group: '', resource: 'persistentvolumes' },
];

/** The program `csi-resizer`: extends volumes whose claims ask for more. */
export function resizer(parts: SidecarParts) {
  return (context: ProgramContext): Program => {
    const sidecar = new Sidecar(parts, context);
    void (async () => {
      const service = await sidecar.driver();
      if (!service?.controller) return;
      await sidecar.waitForRights(RIGHTS);
      await sidecar.lead(leaseNameFor('external-resizer-', service.driverName));
      if (!sidecar.signal.aborted) follow(sidecar, service.driverName, service.controller);
    })();
    return {};
  };
}

function follow(sidecar: Sidecar, driver: string, controller: ControllerService): void {
  const { cluster, signal } = sidecar;
  const queue = new WorkQueue(
    (key) => resize(sidecar, driver, controller, key),
    (key, error) =>
      sidecar.log(
        `E0000 00:00:00.000000       1 controller.go:345] "Error syncing PVC" PVC="${key}" err="${(error as Error).message}"`,
      ),
  );
  const keyOf = ({ metadata }: KubeObject): string => `${metadata.namespace ?? ''}/${metadata.name}`;
  cluster.on(['PersistentVolumeClaim'], ({ object }) => queue.add(keyOf(object)));
  for (const claim of cluster.list('PersistentVolumeClaim')) queue.add(keyOf(claim));
  signal.addEventListener('abort', () => queue.stop());
}

async function resize(sidecar: Sidecar, driver: string, controller: ControllerService, key: string): Promise<void> {
  const { cluster } = sidecar;
  const [namespace = '', name = ''] = key.split('/');
  const claim = cluster.get('PersistentVolumeClaim', namespace, name);
  const volume = claim && cluster.get('PersistentVolume', undefined, claim.spec.volumeName ?? '');
  if (!claim || volume?.spec.csi?.driver !== driver || claim.status.phase !== 'Bound') return;
  const wanted = claim.spec.resources.requests.storage;
  if (quantityValue(wanted) <= quantityValue(claim.status.capacity?.storage)) return;
  const source = { component: `external-resizer ${driver}` };
  cluster.event(claim, source, {
    type: 'Normal',
    reason: 'Resizing',
    message: `External resizer is resizing volume ${volume.metadata.name}`,
  });
  setStatus(sidecar, claim, { allocated: wanted, condition: true });
  try {
    const reference = volume.spec.csi.controllerExpandSecretRef;
    const secrets = reference ? sidecar.secret(reference) : {};
    const bytes = await controller.expandVolume(volume.spec.csi.volumeHandle, quantityValue(wanted), secrets);
    const capacity = `${bytes / 1024 ** 3}Gi`;
    if (sidecar.signal.aborted) return;
    cluster.edit('PersistentVolume', volume, MANAGER, (copy: PersistentVolume) => {
      copy.spec.capacity = { storage: capacity };
    });
    setStatus(sidecar, claim, { capacity, allocated: capacity });
    cluster.event(claim, source, {
      type: 'Normal',
      reason: 'VolumeResizeSuccessful',
      message: 'Resize volume succeeded',
    });
  } catch (error) {
    const message = `resize volume ${JSON.stringify(volume.metadata.name)} by resizer ${JSON.stringify(driver)} failed: ${(error as Error).message}`;
    cluster.event(claim, source, { type: 'Warning', reason: 'VolumeResizeFailed', message });
    throw error;
  }
}

function setStatus(
  sidecar: Sidecar,
  claim: Claim,
  change: { capacity?: string; allocated: string; condition?: boolean },
): void {
  sidecar.cluster.edit(
    'PersistentVolumeClaim',
    claim,
    MANAGER,
    (copy) => {
      const status = asJson(copy).status;
      if (!isObject(status)) return;
      status.allocatedResources = { storage: change.allocated };
      if (change.capacity !== undefined) status.capacity = { storage: change.capacity };
      if (change.condition !== true) {
        delete status.conditions;
        delete status.allocatedResourceStatuses;
        return;
      }
      if (Array.isArray(at(status, 'conditions'))) return;
      status.allocatedResourceStatuses = { storage: 'ControllerResizeInProgress' };
      status.conditions = [{ type: 'Resizing', status: 'True', lastProbeTime: null, lastTransitionTime: timestamp() }];
    },
    'status',
  );
}
