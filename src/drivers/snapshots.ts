import { couldNotRun } from '../core/errors.ts';
import { isNotFound } from '../kube/errors.ts';
import type { KubeClient, KubeObject } from '../kube/types.ts';
import { isOurs, ownerOf } from '../resources/ownership.ts';
import type { Deployment } from './cluster-objects.ts';
import type { ImageSource } from './images.ts';
import { DEFAULT_NAMESPACE, SNAPSHOT_CONTROLLER_LEASE } from './names.ts';
import { readTemplate, templatesIn } from './templates.ts';
import { compareVersions } from './versions.ts';
import { containersOf, isWorkload, moveNamespace, setImages } from './workload.ts';

/** `drivers.snapshots` of the file. */
export type SnapshotMode = 'auto' | 'install' | 'off';

/** Group of the VolumeSnapshots' API. */
export const SNAPSHOT_GROUP = 'snapshot.storage.k8s.io';
const RESOURCES = ['volumesnapshotclasses', 'volumesnapshotcontents', 'volumesnapshots'] as const;
const VERSION_LABEL = 'app.kubernetes.io/version';
/** Version of the CRDs in the templates; a snapshotter works with newer CRDs of the same API version. */
export const DEFINITIONS_VERSION = 'v8.6.0';

interface Definition extends KubeObject {
  spec: { versions: { name: string; served: boolean }[] };
}

/** What a cluster has of VolumeSnapshots. */
export interface SnapshotSurvey {
  /** The CRDs that are there, of the three that there should be. */
  definitions: Definition[];
  /** Who binds VolumeSnapshots: a Deployment's `namespace/name`, or the holder of the Lease; absent where nobody does. */
  controller?: { name: string; ours: boolean };
}

/** What is installed for VolumeSnapshots. */
export interface SnapshotPlan {
  /** Does the controller get a snapshotter? */
  snapshotter: boolean;
  /** Names of the CRDs that are applied. */
  definitions: ReadonlySet<string>;
  /** Is the snapshot-controller applied? */
  controller: boolean;
  /** Something that the user should know, a sentence each. */
  warnings: string[];
}

/** Reads what a cluster has of VolumeSnapshots: the CRDs, and, where there are any, who binds them. */
export async function surveySnapshots(
  kube: KubeClient,
  { now, signal }: { now: number; signal: AbortSignal },
): Promise<SnapshotSurvey> {
  // What is served may be asked by everybody; the CRDs themselves may not.
  if (!(await serves(kube, signal))) return { definitions: [] };
  const found = await Promise.all(
    RESOURCES.map((resource) => kube.get<Definition>(definitionRef(resource), { signal })),
  );
  const definitions = found.filter((one) => one !== undefined);
  if (definitions.length === 0) return { definitions };
  const controller = await findController(kube, now, signal);
  return { definitions, ...(controller && { controller }) };
}

async function serves(kube: KubeClient, signal: AbortSignal): Promise<boolean> {
  try {
    await kube.raw(`/apis/${SNAPSHOT_GROUP}`, { signal });
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

export function definitionRef(resource: string) {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    name: `${resource}.${SNAPSHOT_GROUP}`,
  };
}

export const DEFINITION_REFS = RESOURCES.map(definitionRef);

/** A Lease is renewed every few seconds; this leaves room for clocks that differ. */
const LEASE_FRESH_MS = 300_000;

/** Kubernetes' own and OpenShift's, by what they run; where a provider hides them, by the Lease that they hold. */
async function findController(
  kube: KubeClient,
  now: number,
  signal: AbortSignal,
): Promise<SnapshotSurvey['controller']> {
  const { items } = await kube.list<Deployment>({ apiVersion: 'apps/v1', kind: 'Deployment' }, { signal });
  const deployments = items.filter(runsSnapshotController);
  const deployment = deployments.find((one) => !isOurs(one)) ?? deployments[0];
  if (deployment) {
    const { name, namespace = '' } = deployment.metadata;
    return { name: `${namespace}/${name}`, ours: isOurs(deployment) };
  }
  interface Lease extends KubeObject {
    spec?: { holderIdentity?: string; renewTime?: string };
  }
  const leases = await kube.list<Lease>(
    {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      fieldSelector: `metadata.name=${SNAPSHOT_CONTROLLER_LEASE}`,
    },
    { signal },
  );
  const holder = leases.items
    .filter(({ spec }) => now - Date.parse(spec?.renewTime ?? '') < LEASE_FRESH_MS)
    .map(({ spec }) => spec?.holderIdentity)
    .find((name) => name !== undefined && name !== '');
  return holder === undefined ? undefined : { name: holder, ours: false };
}

function runsSnapshotController({ metadata, spec }: Deployment): boolean {
  return (
    /(^|-)snapshot-controller$/.test(metadata.name) ||
    containersOf(spec.template.spec).some(({ image }) => /(^|\/)[\w.-]*snapshot-controller[:@]/.test(image))
  );
}

/**
 * Decides what is installed: what is there is used, what is ours is kept up to date and never set back, what is missing
 * is installed only if that was asked for.
 * @throws CliError `old-snapshots` (exit 3) where somebody else's CRDs are too old to be used.
 */
export function planSnapshots(mode: SnapshotMode, { definitions, controller }: SnapshotSurvey): SnapshotPlan {
  const warnings: string[] = [];
  const nothing: SnapshotPlan = { snapshotter: false, definitions: new Set(), controller: false, warnings };
  if (mode === 'off') return nothing;
  const named = new Map(definitions.map((one) => [one.metadata.name, one]));
  const all = DEFINITION_REFS.map(({ name }) => name);
  const served = all.every((name) => servesV1(named.get(name)));
  if (!served) {
    const old = definitions.filter((one) => !isOurs(one) && !servesV1(one));
    if (mode === 'install') refuseOld(old);
    if (mode === 'auto' && !definitions.some(isOurs)) {
      if (old.length > 0) {
        warnings.push(`the cluster's VolumeSnapshots are too old to be used (${listOf(old)}): snapshots are left out`);
      }
      return nothing;
    }
  }
  const kept = all.filter((name) => {
    const live = named.get(name);
    return live === undefined
      ? mode === 'install'
      : isOurs(live) && compareVersions(live.metadata.labels?.[VERSION_LABEL] ?? '', DEFINITIONS_VERSION) <= 0;
  });
  const installed = controller === undefined ? mode === 'install' : controller.ours;
  if (controller === undefined && !installed) {
    warnings.push(
      'the cluster has the CRDs of VolumeSnapshots, but nobody binds them: `drivers: { snapshots: install }` in the file, or --snapshots install, installs a snapshot-controller',
    );
  }
  return { snapshotter: true, definitions: new Set(kept), controller: installed, warnings };
}

function servesV1(definition: Definition | undefined): boolean {
  return definition?.spec.versions.some(({ name, served }) => name === 'v1' && served) ?? false;
}

function refuseOld(old: readonly Definition[]): void {
  if (old.length === 0) return;
  throw couldNotRun(
    'old-snapshots',
    `the cluster has CRDs of VolumeSnapshots that do not serve version v1: ${listOf(old)}`,
    {
      remedy: 'have their owner update them, or go without: drivers: { snapshots: off }',
    },
  );
}

function listOf(definitions: readonly Definition[]): string {
  return definitions.map((one) => `${one.metadata.name} (${ownerOf(one)})`).join(', ');
}

/** The CRDs and the snapshot-controller that a plan asks for; without a plan all of them. */
export async function snapshotObjects(
  options: { namespace: string; replicas: number; images?: ImageSource },
  plan?: SnapshotPlan,
): Promise<KubeObject[]> {
  const read = async (folder: string): Promise<KubeObject[]> =>
    (await Promise.all((await templatesIn(folder)).map((file) => readTemplate(file)))).flat();
  const definitions = (await read('snapshot-crds')).filter(
    ({ metadata }) => plan?.definitions.has(metadata.name) ?? true,
  );
  const controller = (plan?.controller ?? true) ? await read('snapshot-controller') : [];
  for (const object of controller) {
    moveNamespace(object, DEFAULT_NAMESPACE, options.namespace);
    if (!isWorkload(object)) continue;
    object.spec.replicas = options.replicas;
    setImages(object.spec.template.spec, options.images);
  }
  return [...definitions, ...controller];
}
