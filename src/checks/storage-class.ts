import { usageError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import { isManilaDriver } from '../drivers/names.ts';
import type { KubeObject } from '../kube/types.ts';

export interface StorageClass extends KubeObject {
  provisioner: string;
  parameters?: Record<string, string>;
  mountOptions?: string[];
  reclaimPolicy?: 'Delete' | 'Retain';
  volumeBindingMode?: 'Immediate' | 'WaitForFirstConsumer';
}

/**
 * The class that the user named; otherwise the default class or the only one among those of Manila's drivers.
 * @throws CliError `usage` (exit 2) where there is none, or a choice.
 */
export function chooseStorageClass(classes: readonly StorageClass[], named: string | undefined): StorageClass {
  const names = classes.map(({ metadata }) => metadata.name);
  if (named !== undefined) {
    const found = classes.find(({ metadata }) => metadata.name === named);
    if (found) return found;
    const near = nearest(named, names);
    throw usageError(`there is no StorageClass ${JSON.stringify(named)}`, {
      remedy: near
        ? `did you mean ${near}?`
        : names.length > 0
          ? `the classes are ${names.join(', ')}`
          : NO_CLASS_REMEDY,
    });
  }
  const ours = classes.filter(({ provisioner }) => isManilaDriver(provisioner));
  const [only, ...more] = ours;
  if (!only) throw usageError('the cluster has no StorageClass of a Manila driver', { remedy: NO_CLASS_REMEDY });
  if (more.length === 0) return only;
  const preferred = ours.filter(isDefault);
  if (preferred.length === 1 && preferred[0]) return preferred[0];
  const defaults = preferred.length === 0 ? 'none of them is' : `${preferred.length} of them are`;
  throw usageError(`the cluster has several StorageClasses of Manila drivers and ${defaults} the default`, {
    remedy: `name one with --storage-class: ${ours.map(({ metadata }) => metadata.name).join(', ')}`,
  });
}

const NO_CLASS_REMEDY = 'make classes from the share types with `manila-rwx storageclass sync`';

/** https://kubernetes.io/docs/tasks/administer-cluster/change-default-storage-class/ */
function isDefault({ metadata }: StorageClass): boolean {
  return metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true';
}
