import type { LoadedConfig, Protocol } from '../config/types.ts';
import type { Context } from '../core/context.ts';
import { couldNotRun } from '../core/errors.ts';
import type { KubeClient, KubeObject } from '../kube/types.ts';
import { Manila } from '../openstack/manila.ts';
import type { KeystoneSession } from '../openstack/session.ts';
import type { Planned } from '../reconcile/change.ts';
import type { AnyResource } from '../reconcile/reconcile.ts';
import { inSequence } from '../reconcile/sequence.ts';
import { chooseOwner, lifeOf, namedOwner, type OwnerOptions } from '../resources/credential-choice.ts';
import { proveByClaim } from '../resources/credential-canary.ts';
import { type CredentialReport, CredentialResource } from '../resources/credentials.ts';
import { kubeObjects, type ObjectOp } from '../resources/kube-objects.ts';
import { isOurs } from '../resources/ownership.ts';
import { type Access, refuseWithoutRights } from '../resources/rights.ts';
import type { ImageSource } from './images.ts';
import { driverObjects, namespaceObject } from './manifests.ts';
import { DRIVERS, type ProtocolDriver } from './protocols.ts';
import { planSnapshots, type SnapshotMode, snapshotObjects, type SnapshotPlan } from './snapshots.ts';
import { type ClusterSurvey, surveyCluster } from './survey.ts';
import { installedRelease, type Release, RELEASES, releaseNamed } from './versions.ts';

/** Manila CSI speaks this microversion. */
const DRIVER_MICROVERSION = '2.37';

export interface InstallationParts {
  kube: KubeClient;
  session: KeystoneSession;
  loaded: LoadedConfig;
  /** Whose the shares are, where flags say it. */
  owner?: OwnerOptions;
  /** Instead of `drivers.protocols` of the file. */
  protocols?: readonly Protocol[] | undefined;
  /** Instead of `drivers.version` of the file. */
  version?: string | undefined;
  /** Move to the newest version where neither says one; otherwise what is installed stays. */
  newest?: boolean;
  /** Instead of `drivers.snapshots` of the file. */
  snapshots?: SnapshotMode | undefined;
}

/** The drivers of one cluster, ready to be kept: what `install` and the section `drivers` of the file do. */
export interface Installation {
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
  /** The namespace, the credential with its Secret, and the manifests, in that order. */
  resource: AnyResource;
  /** What the Secret holds, as far as it is known yet. */
  credential(): CredentialReport | undefined;
}

/**
 * Reads what the installation depends on, and says what is to be kept.
 * @throws CliError where the file does not say whose the shares are (exit 2), where the cluster or the cloud cannot
 *   have the drivers (exit 3); nothing was changed.
 */
export async function prepareInstallation(ctx: Context, parts: InstallationParts): Promise<Installation> {
  const { kube, session, loaded } = parts;
  const { config } = loaded;
  const namespace = ctx.global.namespace ?? config.cluster.namespace;
  const choice = chooseOwner(loaded, parts.owner);
  const drivers = (parts.protocols ?? config.drivers.protocols).map((protocol) => DRIVERS[protocol]);
  const title = drivers.length > 1 ? 'the drivers' : `the ${drivers[0]?.protocol ?? ''} driver`;
  const [survey] = await Promise.all([
    surveyCluster(kube, namespace, {
      drivers,
      kubeletDirectory: config.cluster.kubeletDirectory,
      now: ctx.clock.now(),
      signal: ctx.signal,
    }),
    checkManila(ctx, session),
  ]);
  const credential = new CredentialResource(
    ctx,
    kube,
    session,
    {
      namespace,
      clusterId: survey.clusterId,
      owner: namedOwner(choice, { clusterId: survey.clusterId }),
      ...lifeOf(loaded),
    },
    proveByClaim(kube, { namespace }),
  );
  const version = parts.version ?? config.drivers.version;
  const installed = survey.installedManila === undefined ? undefined : installedRelease(survey.installedManila);
  const release =
    version === undefined ? ((parts.newest ? undefined : installed) ?? RELEASES[0]) : releaseNamed(version);
  const snapshots = planSnapshots(parts.snapshots ?? config.drivers.snapshots, survey.snapshots);
  for (const warning of snapshots.warnings) ctx.io.warn(warning);
  const manifests = await driverManifests(drivers, namespace, survey, {
    images: { release, registry: config.drivers.registry },
    snapshots,
    replicas: config.drivers.replicas,
    topology: config.drivers.topology,
  });
  const resource = inSequence(
    `${title} and ${drivers.length > 1 ? 'their' : 'its'} credential`,
    [
      kubeObjects(ctx, kube, 'the namespace', await namespaceManifests(namespace, survey)),
      credential,
      kubeObjects(ctx, kube, title, manifests),
    ],
    (todo, { signal }) => refuseWithoutRights(kube, todo.filter(isOfCluster), secretRights(namespace, todo), signal),
  );
  return { drivers, namespace, survey, release, snapshots, manifests, resource, credential: () => credential.report };
}

/** Before anything is changed: is Manila there, and new enough for the driver? */
async function checkManila(ctx: Context, session: KeystoneSession): Promise<void> {
  const manila = await Manila.connect(session, ctx);
  if (manila.supports(DRIVER_MICROVERSION)) return;
  throw couldNotRun(
    'old-manila',
    `Manila at ${manila.endpoint.url} knows API versions ${manila.microversions.min} to ${manila.microversions.max}, and its CSI driver needs ${DRIVER_MICROVERSION}`,
    { remedy: 'Manila of OpenStack Ocata or later is needed' },
  );
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

/** Is it a change to an object of the cluster? Those of Keystone are not asked of the API server. */
export function isOfCluster(planned: Planned<unknown>): planned is Planned<ObjectOp> {
  const { op } = planned as { op: { do: string; object?: unknown } };
  return ['apply', 'replace', 'delete'].includes(op.do);
}

/** A new credential ends in a Secret, which is better known before it is made. */
export function secretRights(namespace: string, todo: readonly Planned<unknown>[]): Access[] {
  const writes = todo.some(({ change }) => change.kind === 'Secret');
  return writes ? ['create', 'patch'].map((verb) => ({ verb, group: '', resource: 'secrets', namespace })) : [];
}
