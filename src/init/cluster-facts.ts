import type { Context } from '../core/context.ts';
import { CliError, messageOf } from '../core/errors.ts';
import type { DaemonSet, Deployment } from '../drivers/cluster-objects.ts';
import { refuseForeignDrivers } from '../drivers/foreign.ts';
import { DRIVER_APP, DRIVER_SECRET_NAME } from '../drivers/names.ts';
import { ALL_DRIVERS } from '../drivers/protocols.ts';
import type { Protocol } from '../config/types.ts';
import { connectKube } from '../kube/client.ts';
import { isNotFound, KubeApiError } from '../kube/errors.ts';
import type { KubeClient, KubeObject } from '../kube/types.ts';
import { type CredentialFacts, readCredentialSecret } from '../resources/credential-secret.ts';
import { isOurs } from '../resources/ownership.ts';
import type { StorageClass } from '../resources/storage-classes/class.ts';
import type { Node } from '../resources/storage-classes/share-clients.ts';
import { distributionOf } from './distribution.ts';

/** What a cluster has, as far as this user may see it: undefined is what it may not. */
export interface ClusterFacts {
  kube: KubeClient;
  /** Name of the kubeconfig's context. */
  context: string;
  /** Kubernetes itself: `v1.35.4`. */
  version: string;
  /** `OpenShift`, `k3s` and so on; undefined where it does not show. */
  distribution: string | undefined;
  nodes: Node[] | undefined;
  classes: StorageClass[] | undefined;
  namespaces: KubeObject[] | undefined;
  daemonSets: DaemonSet[] | undefined;
  /** Does the cluster serve VolumeSnapshots? */
  snapshots: boolean;
  /** Is this user the cluster's administrator? */
  isAdmin: boolean;
  /** What this program has installed here before. */
  installed: Installed | undefined;
  /** The NFS driver of somebody else, in a sentence. */
  foreign: string | undefined;
  /** Resources that this user may not read. */
  unreadable: string[];
}

/** An installation of this program. */
export interface Installed {
  namespace: string;
  /** Protocols whose drivers are there. */
  protocols: Protocol[];
  /** Pods of each controller; undefined where there is no controller. */
  replicas: number | undefined;
  /** What the drivers' Secret tells about itself; undefined where there is none or it may not be read. */
  credential: CredentialFacts | undefined;
}

/**
 * Looks at a cluster, everything side by side. What this user may not read is left out and named.
 * @throws CliError where the cluster cannot be reached or refuses the login.
 */
export async function surveyCluster(ctx: Context, context: string | undefined): Promise<ClusterFacts> {
  const kube = await connectKube(ctx, { context });
  try {
    return await read(ctx, kube);
  } catch (error) {
    kube.close();
    throw error;
  }
}

async function read(ctx: Context, kube: KubeClient): Promise<ClusterFacts> {
  const { signal } = ctx;
  // By itself: what is wrong with the address or the login is then told once, and always in the same words.
  const version = (await kube.raw('/version', { signal })) as { gitVersion: string };
  const unreadable: string[] = [];
  const list = async <T extends KubeObject>(apiVersion: string, kind: string): Promise<T[] | undefined> => {
    const items = await ifAllowed(kube.list<T>({ apiVersion, kind }, { signal }));
    if (!items) unreadable.push(`${kind}s`);
    return items?.items;
  };
  const [nodes, classes, csiDrivers, daemonSets, deployments, namespaces, snapshots, openShift, isAdmin] =
    await Promise.all([
      list<Node>('v1', 'Node'),
      list<StorageClass>('storage.k8s.io/v1', 'StorageClass'),
      list('storage.k8s.io/v1', 'CSIDriver'),
      list<DaemonSet>('apps/v1', 'DaemonSet'),
      list<Deployment>('apps/v1', 'Deployment'),
      list('v1', 'Namespace'),
      serves(kube, '/apis/snapshot.storage.k8s.io/v1', signal),
      serves(kube, '/apis/config.openshift.io/v1', signal),
      ifAllowed(kube.can({ verb: '*', group: '*', resource: '*' }, { signal })),
    ]);
  return {
    kube,
    context: kube.context,
    version: version.gitVersion,
    distribution: distributionOf(version.gitVersion, nodes ?? [], openShift),
    nodes,
    classes,
    namespaces,
    daemonSets,
    snapshots,
    isAdmin: isAdmin ?? false,
    installed: await installedHere(kube, daemonSets ?? [], deployments ?? [], signal),
    foreign: foreignDriver(csiDrivers ?? [], daemonSets ?? []),
    unreadable,
  };
}

async function installedHere(
  kube: KubeClient,
  daemonSets: readonly DaemonSet[],
  deployments: readonly Deployment[],
  signal: AbortSignal,
): Promise<Installed | undefined> {
  const ours = [...daemonSets, ...deployments].filter(
    (one) => isOurs(one) && one.metadata.labels?.['app.kubernetes.io/name'] === DRIVER_APP,
  );
  const drivers = ALL_DRIVERS.filter(({ node, controller }) =>
    ours.some(({ metadata: { name } }) => name === node.name || name === controller.name),
  );
  const namespace = drivers.length > 0 ? ours[0]?.metadata.namespace : undefined;
  if (namespace === undefined) return undefined;
  const secret = await ifAllowed(
    kube.get({ apiVersion: 'v1', kind: 'Secret', name: DRIVER_SECRET_NAME, namespace }, { signal }),
  );
  const controller = deployments.find(
    ({ metadata }) => metadata.namespace === namespace && metadata.name === drivers[0]?.controller.name,
  );
  return {
    namespace,
    protocols: drivers.map(({ protocol }) => protocol),
    replicas: controller?.spec.replicas,
    credential: secret && readCredentialSecret(secret)?.facts,
  };
}

function foreignDriver(csiDrivers: readonly KubeObject[], daemonSets: readonly DaemonSet[]): string | undefined {
  try {
    refuseForeignDrivers(ALL_DRIVERS, csiDrivers, daemonSets);
    return undefined;
  } catch (error) {
    if (error instanceof CliError) return messageOf(error);
    throw error;
  }
}

async function serves(kube: KubeClient, path: string, signal: AbortSignal): Promise<boolean> {
  try {
    await kube.raw(path, { signal });
    return true;
  } catch (error) {
    if (isNotFound(error) || isForbidden(error)) return false;
    throw error;
  }
}

async function ifAllowed<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isForbidden(error)) return undefined;
    throw error;
  }
}

function isForbidden(error: unknown): boolean {
  return error instanceof KubeApiError && error.status === 403;
}
