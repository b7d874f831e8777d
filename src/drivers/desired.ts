import type { LoadedConfig, Protocol } from '../config/types.ts';
import type { Context } from '../core/context.ts';
import type { KubeClient, KubeObject } from '../kube/types.ts';
import { isOurs } from '../resources/ownership.ts';
import type { ImageSource } from './images.ts';
import { DEFAULT_KUBELET_DIRECTORY, driverObjects, namespaceObject } from './manifests.ts';
import { DRIVERS, type ProtocolDriver } from './protocols.ts';
import { planSnapshots, type SnapshotMode, snapshotObjects, type SnapshotPlan } from './snapshots.ts';
import { type ClusterSurvey, surveyCluster } from './survey.ts';
import { installedRelease, type Release, RELEASES, releaseNamed } from './versions.ts';

/** What flags may say instead of the section `drivers` of the file. */
export interface DriverChoices {
  /** Instead of `drivers.protocols`. */
  protocols?: readonly Protocol[] | undefined;
  /** Instead of `drivers.version`. */
  version?: string | undefined;
  /** Move to the newest version where neither says one; otherwise what is installed stays. */
  newest?: boolean;
  /** Instead of `drivers.snapshots`. */
  snapshots?: SnapshotMode | undefined;
  /** Instead of `drivers.registry`. */
  registry?: string | undefined;
}

/** The objects that are to be in the cluster, and what was decided for them. */
export interface DesiredDrivers {
  /** The drivers of `drivers.protocols`. */
  drivers: ProtocolDriver[];
  namespace: string;
  survey: ClusterSurvey;
  /** The versions that are to run. */
  release: Release;
  /** What is installed for VolumeSnapshots. */
  snapshots: SnapshotPlan;
  /** The drivers' own objects and those of VolumeSnapshots, without the namespace and the Secret. */
  manifests: KubeObject[];
  /** The namespace, unless it is somebody else's. */
  namespaceManifests: KubeObject[];
}

/** Looks at the cluster for the drivers that are chosen. */
export function surveyFor(
  ctx: Context,
  kube: KubeClient,
  { config }: LoadedConfig,
  choices: DriverChoices,
): Promise<ClusterSurvey> {
  return surveyCluster(kube, ctx.global.namespace ?? config.cluster.namespace, {
    drivers: chosen(config, choices),
    kubeletDirectory: config.cluster.kubeletDirectory,
    now: ctx.clock.now(),
    signal: ctx.signal,
  });
}

/** What is taken of a cluster that is not looked at: an empty one, with the defaults of Kubernetes. */
export function unseenCluster(clusterId: string, { config }: LoadedConfig): ClusterSurvey {
  const path = config.cluster.kubeletDirectory;
  return {
    clusterId,
    namespace: undefined,
    kubeletDirectory: path
      ? { path, because: 'cluster.kubeletDirectory' }
      : { path: DEFAULT_KUBELET_DIRECTORY, because: 'the default' },
    fuseVolumes: new Set(),
    installedManila: undefined,
    snapshots: { definitions: [] },
  };
}

/** The objects for a cluster, by the file, the flags and what was seen of it. */
export async function desiredDrivers(
  ctx: Context,
  { config }: LoadedConfig,
  survey: ClusterSurvey,
  choices: DriverChoices,
): Promise<DesiredDrivers> {
  const namespace = ctx.global.namespace ?? config.cluster.namespace;
  const drivers = chosen(config, choices);
  const version = choices.version ?? config.drivers.version;
  const installed = survey.installedManila === undefined ? undefined : installedRelease(survey.installedManila);
  const release =
    version === undefined ? ((choices.newest ? undefined : installed) ?? RELEASES[0]) : releaseNamed(version);
  const snapshots = planSnapshots(choices.snapshots ?? config.drivers.snapshots, survey.snapshots);
  for (const warning of snapshots.warnings) ctx.io.warn(warning);
  const manifests = await driverManifests(drivers, namespace, survey, {
    images: { release, registry: choices.registry ?? config.drivers.registry },
    snapshots,
    replicas: config.drivers.replicas,
    topology: config.drivers.topology,
  });
  return {
    drivers,
    namespace,
    survey,
    release,
    snapshots,
    manifests,
    namespaceManifests: await namespaceManifests(namespace, survey),
  };
}

function chosen({ drivers }: LoadedConfig['config'], { protocols }: DriverChoices): ProtocolDriver[] {
  return (protocols ?? drivers.protocols).map((protocol) => DRIVERS[protocol]);
}

/** Ours is made, and kept right; somebody else's is used as it is. */
async function namespaceManifests(name: string, { namespace }: ClusterSurvey) {
  return namespace === undefined || isOurs(namespace) ? [await namespaceObject(name)] : [];
}

async function driverManifests(
  drivers: readonly ProtocolDriver[],
  namespace: string,
  survey: ClusterSurvey,
  how: { images: ImageSource; snapshots: SnapshotPlan; replicas: number; topology: boolean },
) {
  const { images, snapshots, replicas, topology } = how;
  const options = {
    namespace,
    clusterId: survey.clusterId,
    kubeletDirectory: survey.kubeletDirectory.path,
    replicas,
    images,
    snapshots: snapshots.snapshotter,
    topology,
  };
  const objects = await Promise.all(
    drivers.map((driver) => driverObjects(driver, { ...options, fuseVolumes: survey.fuseVolumes.has(driver.name) })),
  );
  return [...(await snapshotObjects({ namespace, replicas, images }, snapshots)), ...objects.flat()];
}
