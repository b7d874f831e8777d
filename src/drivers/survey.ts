import { configError, couldNotRun } from '../core/errors.ts';
import type { KubeClient, KubeObject } from '../kube/types.ts';
import { isOurs } from '../resources/ownership.ts';
import type { DaemonSet, Node } from './cluster-objects.ts';
import { refuseForeignDrivers } from './foreign.ts';
import { findKubeletDirectory, type KubeletDirectory } from './kubelet-directory.ts';
import { DRIVER_APP } from './names.ts';
import { ALL_DRIVERS, type ProtocolDriver } from './protocols.ts';
import { type SnapshotSurvey, surveySnapshots } from './snapshots.ts';
import { driverVolumes } from './volumes.ts';
import { versionsOf } from './workload.ts';

/** What has to be known of a cluster before drivers are installed. */
export interface ClusterSurvey {
  /** UID of the namespace kube-system, which tells clusters apart. */
  clusterId: string;
  /** The drivers' namespace; undefined where it does not exist. */
  namespace: KubeObject | undefined;
  kubeletDirectory: KubeletDirectory;
  /** Names of the drivers that have volumes which ceph-fuse mounts. */
  fuseVolumes: ReadonlySet<string>;
  /** Tag of the Manila CSI that this program installed; undefined where it has not. */
  installedManila: string | undefined;
  /** What the cluster has of VolumeSnapshots. */
  snapshots: SnapshotSurvey;
}

/** Sidecar containers (`restartPolicy: Always` of an init container) are on from this version; before, they are ignored. */
const OLDEST_MINOR = 29;

/** The UID of the namespace kube-system, by which this program knows a cluster again. */
export async function readClusterId(kube: KubeClient, signal: AbortSignal): Promise<string> {
  const system = await kube.get({ apiVersion: 'v1', kind: 'Namespace', name: 'kube-system' }, { signal });
  if (system?.metadata.uid !== undefined) return system.metadata.uid;
  throw couldNotRun(
    'not-a-cluster',
    `${kube.server} has no namespace kube-system, so it is hardly a Kubernetes cluster`,
  );
}

/**
 * Reads what an installation depends on, and refuses where it could not work.
 * @throws CliError `foreign-driver`, `other-namespace`, `kubelet-directory`, `old-cluster`, `no-nodes` or
 *   `pod-security`; nothing was changed.
 */
export async function surveyCluster(
  kube: KubeClient,
  namespace: string,
  options: {
    drivers: readonly ProtocolDriver[];
    kubeletDirectory?: string | undefined;
    now: number;
    signal: AbortSignal;
  },
): Promise<ClusterSurvey> {
  const { drivers, signal } = options;
  // By itself: what is wrong with the address or the login is then told once, and always in the same words.
  const clusterId = await readClusterId(kube, signal);
  const [version, nodes, daemonSets, csiDrivers, own, snapshots, volumes] = await Promise.all([
    kube.raw('/version', { signal }) as Promise<{ major: string; minor: string; gitVersion: string }>,
    kube.list<Node>({ apiVersion: 'v1', kind: 'Node' }, { signal }),
    kube.list<DaemonSet>({ apiVersion: 'apps/v1', kind: 'DaemonSet' }, { signal }),
    Promise.all(
      drivers.map(({ name }) => kube.get({ apiVersion: 'storage.k8s.io/v1', kind: 'CSIDriver', name }, { signal })),
    ),
    kube.get({ apiVersion: 'v1', kind: 'Namespace', name: namespace }, { signal }),
    surveySnapshots(kube, options),
    drivers.some(({ protocol }) => protocol === 'CEPHFS') ? driverVolumes(kube, { signal }) : [],
  ]);
  if (version.major === '1' && Number.parseInt(version.minor, 10) < OLDEST_MINOR) {
    throw couldNotRun(
      'old-cluster',
      `the cluster runs Kubernetes ${version.gitVersion}, and the drivers need 1.${OLDEST_MINOR}`,
      {
        remedy: 'they start in order by sidecar containers, which older versions have not: upgrade the cluster',
      },
    );
  }
  if (nodes.items.length === 0) {
    throw couldNotRun('no-nodes', `the cluster ${kube.server} has no nodes`, { remedy: 'add one, then run it again' });
  }
  refuseForeignDrivers(
    drivers,
    csiDrivers.filter((one) => one !== undefined),
    daemonSets.items,
  );
  refuseOtherNamespace(daemonSets.items, namespace);
  refusePodSecurity(own);
  return {
    clusterId,
    namespace: own,
    kubeletDirectory: findKubeletDirectory(nodes.items, daemonSets.items, options.kubeletDirectory),
    installedManila: installedManila(daemonSets.items),
    snapshots,
    fuseVolumes: new Set(volumes.flatMap(({ driver, fuse }) => (fuse ? [driver] : []))),
  };
}

function installedManila(daemonSets: readonly DaemonSet[]): string | undefined {
  const own = daemonSets.filter(
    (set) => isOurs(set) && ALL_DRIVERS.some(({ node }) => node.name === set.metadata.name),
  );
  return versionsOf(own).manila;
}

/** The Secret's namespace is frozen in every volume, so an installation does not move. */
function refuseOtherNamespace(daemonSets: readonly DaemonSet[], namespace: string): void {
  const other = daemonSets.find(
    ({ metadata }) =>
      ALL_DRIVERS.some(({ node }) => node.name === metadata.name) &&
      metadata.labels?.['app.kubernetes.io/name'] === DRIVER_APP &&
      metadata.namespace !== namespace,
  )?.metadata.namespace;
  if (other === undefined) return;
  throw configError('other-namespace', `the driver is installed in namespace ${other}, not in ${namespace}`, {
    remedy: `go on with it: -n ${other}, or cluster: { namespace: ${other} } in manila-rwx.yaml`,
  });
}

const ENFORCE = 'pod-security.kubernetes.io/enforce';

/** A namespace that is there already may not admit what mounts need; ours gets the label with the rest. */
function refusePodSecurity(namespace: KubeObject | undefined): void {
  const level = namespace?.metadata.labels?.[ENFORCE];
  if (!namespace || level === undefined || level === 'privileged') return;
  if (isOurs(namespace)) return;
  const { name } = namespace.metadata;
  throw couldNotRun(
    'pod-security',
    `namespace ${name} admits pods of the security level ${JSON.stringify(level)} only, and a node plugin mounts on the host, which needs "privileged"`,
    {
      remedy: `kubectl label namespace ${name} ${ENFORCE}=privileged --overwrite, or choose another namespace with -n`,
    },
  );
}
