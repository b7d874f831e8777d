import type { Context } from '../core/context.ts';
import { waitFor } from '../core/wait.ts';
import { describeObject } from '../kube/errors.ts';
import type { KubeClient, KubeObject } from '../kube/types.ts';
import { isOurs } from '../resources/ownership.ts';
import type { CsiNode } from './cluster-objects.ts';
import { COMPONENT_LABEL, DRIVER_SELECTOR, SNAPSHOT_CONTROLLER, SNAPSHOT_CONTROLLER_LEASE } from './names.ts';
import { ALL_DRIVERS, driverNamed, leasesOf } from './protocols.ts';

/** Kinds that people put into a namespace and would miss. */
const KINDS: readonly (readonly [apiVersion: string, kind: string])[] = [
  ['v1', 'ConfigMap'],
  ['v1', 'PersistentVolumeClaim'],
  ['v1', 'Pod'],
  ['v1', 'Secret'],
  ['v1', 'Service'],
  ['apps/v1', 'DaemonSet'],
  ['apps/v1', 'Deployment'],
  ['apps/v1', 'StatefulSet'],
  ['batch/v1', 'CronJob'],
  ['batch/v1', 'Job'],
];
/** What Kubernetes and OpenShift put into every namespace by themselves. */
const AUTOMATIC = /^(kube-root-ca\.crt|openshift-service-ca\.crt|(default|builder|deployer)-(token|dockercfg)-.*)$/;

/** Objects of a namespace that neither we nor the cluster itself put there, so that it must not be deleted. */
export async function strangersIn(kube: KubeClient, namespace: string): Promise<string[]> {
  const lists = await Promise.all(
    KINDS.map(([apiVersion, kind]) => kube.list({ apiVersion, kind, namespace }).then(({ items }) => items)),
  );
  return lists.flat().filter(isStranger).map(describeObject);
}

function isStranger(object: KubeObject): boolean {
  const { name, ownerReferences = [] } = object.metadata;
  return !isOurs(object) && ownerReferences.length === 0 && !AUTOMATIC.test(name);
}

/** Snapshots that the drivers made and would have to delete, as `namespace/name` of the VolumeSnapshot. */
export async function driverSnapshots(kube: KubeClient): Promise<string[]> {
  interface Content extends KubeObject {
    spec: { driver: string; volumeSnapshotRef: { namespace: string; name: string } };
  }
  const { items } = await kube.list<Content>({
    apiVersion: 'snapshot.storage.k8s.io/v1',
    kind: 'VolumeSnapshotContent',
  });
  return items
    .filter(({ spec }) => driverNamed(spec.driver))
    .map(({ spec: { volumeSnapshotRef: ref } }) => `${ref.namespace}/${ref.name}`)
    .sort();
}

/**
 * Waits until what was deleted is gone: the drivers' pods, what they registered with the kubelets, and the namespace
 * if that was deleted too. Where the namespace stays, the leases that the sidecars leave in it are removed.
 * @throws CliError `timed-out` (exit 4) that names what is left and why.
 */
export async function waitUntilRemoved(
  ctx: Context,
  kube: KubeClient,
  options: { namespace: string; namespaceGoes: boolean; snapshotController: boolean; timeoutMs: number },
): Promise<void> {
  const { namespace, namespaceGoes, snapshotController, timeoutMs } = options;
  const selector = snapshotController
    ? DRIVER_SELECTOR
    : `${DRIVER_SELECTOR},${COMPONENT_LABEL}!=${SNAPSHOT_CONTROLLER.component}`;
  await waitFor(ctx, {
    what: 'everything to be gone',
    timeoutMs,
    intervalMs: 500,
    nextCommand: `see what is left: kubectl -n ${namespace} get all,leases`,
    doneText: () => 'everything is gone',
    look: async (signal) => {
      const left = await whatIsLeft(kube, { namespace, namespaceGoes, selector }, signal);
      return left === undefined ? { done: true, value: undefined } : { done: false, reason: left };
    },
  });
  if (namespaceGoes) return;
  await Promise.all(
    [...ALL_DRIVERS.flatMap(leasesOf), ...(snapshotController ? [SNAPSHOT_CONTROLLER_LEASE] : [])].map((name) =>
      kube.delete({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', name, namespace }),
    ),
  );
}

async function whatIsLeft(
  kube: KubeClient,
  { namespace, namespaceGoes, selector }: { namespace: string; namespaceGoes: boolean; selector: string },
  signal: AbortSignal,
): Promise<string | undefined> {
  const { items: pods } = await kube.list(
    { apiVersion: 'v1', kind: 'Pod', namespace, labelSelector: selector },
    { signal },
  );
  if (pods.length > 0) return `${pods.map(({ metadata }) => metadata.name).join(', ')} ending`;
  const { items: nodes } = await kube.list<CsiNode>({ apiVersion: 'storage.k8s.io/v1', kind: 'CSINode' }, { signal });
  const registered = nodes.filter(({ spec }) => spec.drivers?.some(({ name }) => driverNamed(name)));
  if (registered.length > 0) return `the kubelet of ${registered[0]?.metadata.name} still has the driver registered`;
  if (!namespaceGoes) return undefined;
  const live = await kube.get({ apiVersion: 'v1', kind: 'Namespace', name: namespace }, { signal });
  if (!live) return undefined;
  const conditions = (live.status as { conditions?: { status: string; message?: string }[] } | undefined)?.conditions;
  return conditions?.find(({ status }) => status === 'True')?.message ?? `namespace ${namespace} is being deleted`;
}
