import { describeObject } from '../kube/errors.ts';
import type { KubeClient, KubeObject, ObjectRef } from '../kube/types.ts';
import { isOurs, ownerOf } from '../resources/ownership.ts';
import { SNAPSHOT_CONTROLLER } from './names.ts';
import { driverNamed } from './protocols.ts';
import { DEFINITION_REFS, SNAPSHOT_GROUP, snapshotObjects } from './snapshots.ts';

/** What becomes of VolumeSnapshots when the drivers are removed. */
export interface SnapshotRemoval {
  goes: ObjectRef[];
  /** What stays, and why, a sentence each. */
  kept: string[];
  /** Is the snapshot-controller of ours needed by others? */
  controllerStays: boolean;
}

/**
 * Other drivers may use what was installed for VolumeSnapshots: then it stays. CRDs take every snapshot of the cluster
 * with them, so they go only where that is asked for, and only those of ours.
 */
export async function snapshotRemoval(
  kube: KubeClient,
  namespace: string,
  { crds, signal }: { crds: boolean; signal: AbortSignal },
): Promise<SnapshotRemoval> {
  const found = await Promise.all(DEFINITION_REFS.map((ref) => kube.get(ref, { signal })));
  const definitions = found.filter((one) => one !== undefined);
  const ours = definitions.filter(isOurs);
  const { users, classes } = definitions.length > 0 ? await otherUsers(kube, signal) : { users: [], classes: [] };
  const refs = (await snapshotObjects({ namespace, replicas: 1 }))
    .filter(({ kind }) => kind !== 'CustomResourceDefinition')
    .map(({ apiVersion, kind, metadata }) => ({
      apiVersion,
      kind,
      name: metadata.name,
      namespace: metadata.namespace,
    }));
  const controller = await kube.get(
    { apiVersion: 'apps/v1', kind: 'Deployment', name: SNAPSHOT_CONTROLLER.name, namespace },
    { signal },
  );
  const controllerStays = controller !== undefined && users.length > 0;
  const holders = [...users, ...classes];
  const removed = crds && holders.length === 0 ? ours : [];
  return {
    goes: [...(controllerStays ? [] : refs), ...DEFINITION_REFS.filter(({ name }) => has(removed, name))],
    kept: [
      ...(controllerStays ? [`the snapshot-controller: needed by ${listOf(users)}`] : []),
      ...definitions
        .filter((one) => !removed.includes(one))
        .map((one) => `CRD ${one.metadata.name}: ${whyKept(one, holders)}`),
    ],
    controllerStays,
  };
}

function has(objects: readonly KubeObject[], name: string): boolean {
  return objects.some(({ metadata }) => metadata.name === name);
}

function whyKept(definition: KubeObject, holders: readonly string[]): string {
  if (!isOurs(definition)) return ownerOf(definition);
  return holders.length > 0 ? `needed by ${listOf(holders)}` : 'uninstall --crds removes it';
}

/**
 * Who else uses VolumeSnapshots: other drivers, and snapshots that nobody has made yet. Apart from them, classes of this
 * driver that somebody else has made: they are of no use without it, but theirs.
 */
async function otherUsers(kube: KubeClient, signal: AbortSignal): Promise<{ users: string[]; classes: string[] }> {
  interface Class extends KubeObject {
    driver: string;
  }
  interface Content extends KubeObject {
    spec: { driver: string };
  }
  const apiVersion = `${SNAPSHOT_GROUP}/v1`;
  const [classes, contents, snapshots] = await Promise.all([
    kube.list<Class>({ apiVersion, kind: 'VolumeSnapshotClass' }, { signal }),
    kube.list<Content>({ apiVersion, kind: 'VolumeSnapshotContent' }, { signal }),
    kube.list({ apiVersion, kind: 'VolumeSnapshot' }, { signal }),
  ]);
  const [own, others] = [true, false].map((wanted) =>
    classes.items.filter(({ driver }) => (driverNamed(driver) !== undefined) === wanted),
  ) as [Class[], Class[]];
  return {
    users: [...others, ...contents.items.filter(({ spec }) => !driverNamed(spec.driver)), ...snapshots.items].map(
      describeObject,
    ),
    classes: own.filter((one) => !isOurs(one)).map(describeObject),
  };
}

function listOf(users: readonly string[]): string {
  return `${users.slice(0, 3).join(', ')}${users.length > 3 ? ` and ${users.length - 3} more` : ''}`;
}
