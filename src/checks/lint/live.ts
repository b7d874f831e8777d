import { usageError } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';
import { DRIVERS } from '../../drivers/protocols.ts';
import { KubeApiError } from '../../kube/errors.ts';
import type { KubeClient, KubeObject } from '../../kube/types.ts';
import { isOurs } from '../../resources/ownership.ts';
import { isManilaDriver } from '../../drivers/names.ts';
import type { LintSubject } from './lint.ts';
import { namedSecrets } from './rules/class-secrets.ts';
import { driverOf } from './rules/provisioner.ts';
import type { LintObject, LintWorld } from './types.ts';

/** Objects of the cluster, and what of the cluster they depend on. */
export interface LiveSubjects {
  subjects: LintSubject[];
  world: LintWorld;
  /** What could not be looked at. */
  notChecked: string[];
}

/**
 * The class of this name (a StorageClass, a VolumeSnapshotClass, or both), or without a name all of Manila's drivers,
 * and the Secrets that they name.
 * @throws CliError `usage` (exit 2) where there is no class of the name.
 */
export async function readLive(kube: KubeClient, name: string | undefined, signal: AbortSignal): Promise<LiveSubjects> {
  const list = async (apiVersion: string, kind: string): Promise<LintObject[]> =>
    (await kube.list<LintObject>({ apiVersion, kind }, { signal })).items;
  const [storage, snapshot, drivers, deployments] = await Promise.all([
    list('storage.k8s.io/v1', 'StorageClass'),
    list('snapshot.storage.k8s.io/v1', 'VolumeSnapshotClass'),
    list('storage.k8s.io/v1', 'CSIDriver'),
    driverDeployments(kube, signal),
  ]);
  const all = [...storage, ...snapshot];
  const classes = all.filter((one) =>
    name === undefined ? isManilaDriver(driverOf(one)) : one.metadata.name === name,
  );
  if (name !== undefined && classes.length === 0) refuseName(name, all);
  const namespace = deployments.find(isOurs)?.metadata.namespace;
  const read = await readSecrets(kube, classes, signal);
  return {
    subjects: [...classes, ...read.secrets].map((object) => ({ object })),
    world: {
      secrets: {
        known: new Set(read.secrets.map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`)),
        complete: read.refused.length === 0,
      },
      cluster: {
        drivers: new Set(drivers.map(({ metadata }) => metadata.name)),
        ...(namespace === undefined ? {} : { driverNamespace: namespace }),
      },
    },
    notChecked: read.refused.map((one) => `Secret ${one}: this user may not read it`),
  };
}

function refuseName(name: string, all: readonly KubeObject[]): never {
  const names = all.map(({ metadata }) => metadata.name);
  const near = nearest(name, names);
  throw usageError(`there is no StorageClass, no VolumeSnapshotClass and no file named ${JSON.stringify(name)}`, {
    remedy: near === undefined ? `the classes are ${names.join(', ') || 'none'}` : `did you mean ${near}?`,
  });
}

async function driverDeployments(kube: KubeClient, signal: AbortSignal): Promise<KubeObject[]> {
  const deployments = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    fieldSelector: `metadata.name=${DRIVERS.NFS.controller.name}`,
  };
  return (await unlessForbidden(kube.list(deployments, { signal })))?.items ?? [];
}

async function readSecrets(kube: KubeClient, classes: readonly LintObject[], signal: AbortSignal) {
  const references = new Map(
    classes
      .filter((one) => isManilaDriver(driverOf(one)))
      .flatMap(namedSecrets)
      .map((one) => [`${one.namespace}/${one.name}`, one] as const),
  );
  const secrets: LintObject[] = [];
  const refused: string[] = [];
  for (const [text, { namespace, name }] of references) {
    try {
      const secret = await kube.get<LintObject>({ apiVersion: 'v1', kind: 'Secret', namespace, name }, { signal });
      if (secret) secrets.push(secret);
    } catch (error) {
      if (!(error instanceof KubeApiError) || error.status !== 403) throw error;
      refused.push(text);
    }
  }
  return { secrets, refused };
}

async function unlessForbidden<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof KubeApiError && error.status === 403) return undefined;
    throw error;
  }
}
