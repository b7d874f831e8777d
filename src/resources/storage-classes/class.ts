import type { Protocol, StorageClassOverride, UserEdits } from '../../config/types.ts';
import { DRIVER_SECRET_NAME, tenantSecretName } from '../../drivers/names.ts';
import { classParameters, driverNamed, DRIVERS, TOPOLOGY_KEY } from '../../drivers/protocols.ts';
import type { KubeObject } from '../../kube/types.ts';
import type { ShareType } from '../../openstack/types.ts';
import { prepared } from '../kube-objects.ts';
import { isOurs } from '../ownership.ts';
import { editableFields } from './user-edits.ts';

export interface StorageClass extends KubeObject {
  provisioner: string;
  parameters?: Record<string, string>;
  reclaimPolicy?: string;
  volumeBindingMode?: string;
  allowVolumeExpansion?: boolean;
  mountOptions?: string[];
  allowedTopologies?: TopologyTerm[];
}

export interface TopologyTerm {
  matchLabelExpressions: { key: string; values: string[] }[];
}

export interface SnapshotClass extends KubeObject {
  driver: string;
  deletionPolicy: string;
  parameters?: Record<string, string>;
}

export const STORAGE_CLASS = { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass' } as const;
export const SNAPSHOT_CLASS = { apiVersion: 'snapshot.storage.k8s.io/v1', kind: 'VolumeSnapshotClass' } as const;

export const TYPE_ID_LABEL = 'manila-rwx/share-type-id';
/** `tenants` on classes whose volumes belong to the project of the claim's namespace. */
export const AUDIENCE_LABEL = 'manila-rwx/class-for';
export const TYPE_NAME_ANNOTATION = 'manila-rwx/share-type-name';
/** Why a class is kept that no share type wants any more. */
export const DEPRECATED_ANNOTATION = 'manila-rwx/deprecated';
export const DEFAULT_ANNOTATION = 'storageclass.kubernetes.io/is-default-class';
export const DEFAULT_SNAPSHOT_ANNOTATION = 'snapshot.storage.kubernetes.io/is-default-class';

/** Whose shares the volumes of a class are: the drivers' own project's, or those of the namespace's tenant. */
export type Audience = 'all' | 'tenants';

export function audienceOf({ metadata }: KubeObject): Audience {
  return metadata.labels?.[AUDIENCE_LABEL] === 'tenants' ? 'tenants' : 'all';
}

export function typeIdOf({ metadata }: KubeObject): string {
  return metadata.labels?.[TYPE_ID_LABEL] ?? '';
}

export function isDefault({ kind, metadata }: KubeObject): boolean {
  const key = kind === SNAPSHOT_CLASS.kind ? DEFAULT_SNAPSHOT_ANNOTATION : DEFAULT_ANNOTATION;
  return metadata.annotations?.[key] === 'true';
}

/** Is it a class of this program, for one of its drivers? */
export function isOwnClass(one: KubeObject & { provisioner?: string; driver?: string }): boolean {
  return isOurs(one) && driverNamed(one.provisioner ?? one.driver ?? '') !== undefined;
}

/** The name of the share type that a class was made for, or what its parameter says. */
export function typeNameOf({ metadata, parameters }: KubeObject): string {
  return metadata.annotations?.[TYPE_NAME_ANNOTATION] ?? (parameters as StorageClass['parameters'])?.type ?? '';
}

export function clientsOf({ parameters }: StorageClass): string[] | undefined {
  return parameters?.['nfs-shareClient']?.split(',');
}

/** Who may mount by the classes of this program, where those agree that have such a list: CephFS has none. */
export function agreedClients(classes: readonly StorageClass[]): string[] | undefined {
  const nfs = classes.filter((one) => isOwnClass(one) && one.provisioner === DRIVERS.NFS.name);
  const [only, ...others] = new Set(nfs.map((one) => clientsOf(one)?.join(',')));
  return others.length === 0 ? only?.split(',') : undefined;
}

export interface ClassSettings {
  name: string;
  /** Namespace of the drivers' Secrets. */
  namespace: string;
  audience: Audience;
  protocol: Protocol;
  /** Do the drivers make volumes in the zone of the pod? */
  topology: boolean;
  /** Zones that the type is limited to; empty where it is not. */
  zones: readonly string[];
  shareNetworkId?: string | undefined;
  shareClients: readonly string[];
  override: StorageClassOverride;
  userEdits: UserEdits;
  /** `true` or `false` for the default-class annotation; undefined leaves it out. */
  isDefault: 'true' | 'false' | undefined;
  live: StorageClass | undefined;
}

/** Roles of the driver that are given the Secret; all are needed, as PVs freeze what the class had. */
const SECRET_ROLES = ['provisioner', 'controller-expand', 'node-stage', 'node-publish'] as const;

/**
 * The class of a share type. The type is named by its id, which a renamed type keeps: parameters cannot be changed in
 * place.
 */
export function classManifest(type: ShareType, settings: ClassSettings): StorageClass {
  const { audience, override, protocol, shareNetworkId } = settings;
  const secret = audience === 'tenants' ? tenantSecretName('${pvc.namespace}') : DRIVER_SECRET_NAME;
  const secrets = SECRET_ROLES.flatMap((role) => secretPair(role, secret, settings.namespace));
  const byPod = settings.topology && override.availabilityZone === undefined;
  const { fields, applied } = editableFields(settings, byPod ? topologyOf(settings.zones) : undefined);
  return prepared({
    ...STORAGE_CLASS,
    metadata: metadataOf(type, settings, {
      ...applied,
      ...(settings.isDefault === undefined ? {} : { [DEFAULT_ANNOTATION]: settings.isDefault }),
    }),
    provisioner: DRIVERS[protocol].name,
    parameters: {
      type: type.id,
      ...classParameters(protocol, settings.shareClients),
      ...(shareNetworkId === undefined ? {} : { shareNetworkID: shareNetworkId }),
      ...(override.availabilityZone === undefined ? {} : { availability: override.availabilityZone }),
      ...(byPod ? { autoTopology: 'true' } : {}),
      ...Object.fromEntries(secrets),
    },
    reclaimPolicy: override.reclaimPolicy ?? 'Delete',
    volumeBindingMode: override.volumeBindingMode ?? (byPod ? 'WaitForFirstConsumer' : 'Immediate'),
    ...fields,
  }) as StorageClass;
}

/** The VolumeSnapshotClass of a share type: it has the name of its StorageClass. */
export function snapshotClassManifest(
  type: ShareType,
  settings: Pick<ClassSettings, 'name' | 'namespace' | 'audience' | 'protocol' | 'override' | 'isDefault'>,
): SnapshotClass {
  // The snapshot controller fills the template in, and the sidecar reads the result from the content's annotation.
  const secret = settings.audience === 'tenants' ? tenantSecretName('${volumesnapshot.namespace}') : DRIVER_SECRET_NAME;
  return prepared({
    ...SNAPSHOT_CLASS,
    metadata: metadataOf(
      type,
      settings,
      settings.isDefault === undefined ? {} : { [DEFAULT_SNAPSHOT_ANNOTATION]: settings.isDefault },
    ),
    driver: DRIVERS[settings.protocol].name,
    deletionPolicy: settings.override.snapshotDeletionPolicy ?? 'Delete',
    parameters: Object.fromEntries(secretPair('snapshotter', secret, settings.namespace)),
  }) as SnapshotClass;
}

function metadataOf(
  type: ShareType,
  { name, audience }: Pick<ClassSettings, 'name' | 'audience'>,
  annotations: Record<string, string>,
): KubeObject['metadata'] {
  return {
    name,
    labels: { [TYPE_ID_LABEL]: type.id, ...(audience === 'tenants' ? { [AUDIENCE_LABEL]: audience } : {}) },
    annotations: { [TYPE_NAME_ANNOTATION]: type.name, ...annotations },
  };
}

function secretPair(role: string, name: string, namespace: string): [string, string][] {
  return [
    [`csi.storage.k8s.io/${role}-secret-name`, name],
    [`csi.storage.k8s.io/${role}-secret-namespace`, namespace],
  ];
}

function topologyOf(zones: readonly string[]): TopologyTerm[] | undefined {
  if (zones.length === 0) return undefined;
  return [{ matchLabelExpressions: [{ key: TOPOLOGY_KEY, values: [...zones] }] }];
}
