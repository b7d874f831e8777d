import { DRIVER_SECRET_NAME, NFS_DRIVER_NAME } from '../../drivers/names.ts';
import type { StorageClassOverride } from '../../config/types.ts';
import type { KubeObject } from '../../kube/types.ts';
import type { ShareType } from '../../openstack/types.ts';
import { prepared } from '../kube-objects.ts';

export interface StorageClass extends KubeObject {
  provisioner: string;
  parameters?: Record<string, string>;
  reclaimPolicy?: string;
  volumeBindingMode?: string;
  allowVolumeExpansion?: boolean;
  mountOptions?: string[];
}

export const TYPE_ID_LABEL = 'manila-rwx/share-type-id';
export const TYPE_NAME_ANNOTATION = 'manila-rwx/share-type-name';
/** Why a class is kept that no share type wants any more. */
export const DEPRECATED_ANNOTATION = 'manila-rwx/deprecated';
export const DEFAULT_ANNOTATION = 'storageclass.kubernetes.io/is-default-class';

export function isDefault({ metadata }: KubeObject): boolean {
  return metadata.annotations?.[DEFAULT_ANNOTATION] === 'true';
}

/** The name of the share type that a class was made for, or what its parameter says. */
export function typeNameOf({ metadata, parameters }: StorageClass): string {
  return metadata.annotations?.[TYPE_NAME_ANNOTATION] ?? parameters?.type ?? '';
}

export function clientsOf({ parameters }: StorageClass): string[] | undefined {
  return parameters?.['nfs-shareClient']?.split(',');
}

export interface ClassSettings {
  name: string;
  /** Namespace of the drivers' Secret. */
  namespace: string;
  shareClients: readonly string[];
  override: StorageClassOverride;
  /** `true` or `false` for the default-class annotation; undefined leaves it out. */
  isDefault: 'true' | 'false' | undefined;
  live: StorageClass | undefined;
}

/** Roles of the driver that are given the Secret; all are needed, as PVs freeze what the class had. */
const SECRET_ROLES = ['provisioner', 'controller-expand', 'node-stage', 'node-publish'] as const;

/**
 * The class of a share type. The type is named by its id, which a renamed type keeps: parameters cannot be changed in
 * place. What users may change in place (allowVolumeExpansion, mountOptions) is theirs unless the file says it.
 */
export function classManifest(type: ShareType, settings: ClassSettings): StorageClass {
  const { override, live } = settings;
  const expansion = override.allowVolumeExpansion ?? (live ? live.allowVolumeExpansion : true);
  const secrets = SECRET_ROLES.flatMap((role) => [
    [`csi.storage.k8s.io/${role}-secret-name`, DRIVER_SECRET_NAME] as const,
    [`csi.storage.k8s.io/${role}-secret-namespace`, settings.namespace] as const,
  ]);
  const manifest: StorageClass = {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: {
      name: settings.name,
      labels: { [TYPE_ID_LABEL]: type.id },
      annotations: {
        [TYPE_NAME_ANNOTATION]: type.name,
        ...(settings.isDefault === undefined ? {} : { [DEFAULT_ANNOTATION]: settings.isDefault }),
      },
    },
    provisioner: NFS_DRIVER_NAME,
    parameters: {
      type: type.id,
      ...(override.availabilityZone === undefined ? {} : { availability: override.availabilityZone }),
      // The driver splits at commas and does not trim.
      'nfs-shareClient': settings.shareClients.join(','),
      ...Object.fromEntries(secrets),
    },
    reclaimPolicy: override.reclaimPolicy ?? 'Delete',
    volumeBindingMode: override.volumeBindingMode ?? 'Immediate',
    ...(expansion === undefined ? {} : { allowVolumeExpansion: expansion }),
    ...(override.mountOptions === undefined ? {} : { mountOptions: override.mountOptions }),
  };
  return prepared(manifest) as StorageClass;
}
