import type { CliError } from '../core/errors.ts';

/**
 * The file `manila-rwx.yaml`. `npm run schemas` turns this type into `schemas/manila-rwx.schema.json`, by which the
 * file is checked and editors complete it; the comments here are what an editor shows.
 */
export interface ConfigFile {
  /** Version of this format. */
  version: 1;
  /**
   * Name of this file among those that keep share types in the same cloud: `--prune` deletes only share types that
   * were made under the same name.
   * @pattern ^[A-Za-z0-9]([-_.A-Za-z0-9]{0,62})$
   */
  installation?: string;
  /** The OpenStack cloud. Without it, OS_CLOUD or the other OS_* variables choose. */
  cloud?: CloudSpec;
  /** The Kubernetes cluster. Without it, the kubeconfig's current context. */
  cluster?: ClusterSpec;
  /** The CSI drivers to install. */
  drivers?: DriversSpec;
  /** The project and user whose shares the volumes are. */
  credential?: CredentialSpec;
  /** Manila share types to keep. Types that are not listed are left alone. */
  shareTypes?: ShareTypeSpec[];
  /** Manila quotas to keep. Keys that are not listed are left alone. */
  quotas?: QuotaSpec[];
  /** How StorageClasses follow share types. */
  storageClasses?: StorageClassesSpec;
  /** Namespaces whose volumes are shares of a project of their own, by a credential of their own. */
  tenants?: TenantSpec[];
}

export interface CloudSpec {
  /** Name of an entry of clouds.yaml. @minLength 1 */
  name?: string;
  /** Region of the endpoints. @minLength 1 */
  region?: string;
}

export interface ClusterSpec {
  /** Context of the kubeconfig. @minLength 1 */
  context?: string;
  /**
   * Namespace of the drivers and of their Secrets.
   * @pattern ^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$
   * @default "manila-csi"
   */
  namespace?: string;
  /** The kubelet's root folder on the nodes, where it cannot be found by itself. @pattern ^/ */
  kubeletDirectory?: string;
}

export type Protocol = 'NFS' | 'CEPHFS';

export interface DriversSpec {
  /** Share protocols to install drivers for. @minItems 1 @uniqueItems true @default ["NFS"] */
  protocols?: Protocol[];
  /**
   * VolumeSnapshots. `auto` uses them where the cluster has them; `install` also installs their CRDs and the
   * snapshot-controller where they are missing; `off` leaves them out.
   * @default "auto"
   */
  snapshots?: 'auto' | 'install' | 'off';
  /**
   * Make volumes in the zone of the pod that uses them first. The availability zones of Nova and of Manila must have
   * the same names. @default false
   */
  topology?: boolean;
  /** Version of Manila CSI, with what is known to work with it; what is installed, or the newest. @minLength 1 */
  version?: string;
  /** Registry to pull images from instead of their own, with a prefix if any: registry.example.com/mirror. @minLength 1 */
  registry?: string;
  /** Pods of the controller. @asType integer @minimum 1 @maximum 5 @default 2 */
  replicas?: number;
}

export interface CredentialSpec {
  /** Project (name or id) that owns the shares. @minLength 1 */
  project?: string;
  /**
   * `create` makes a service user with role member in the project; otherwise the name of a user to make it with.
   * @minLength 1 @default "create"
   */
  user?: string;
  /** Instead of project and user: an entry of clouds.yaml that makes the credential for itself. @minLength 1 */
  cloud?: string;
  /** How long a new credential is valid: 90d, 180d. @pattern ^(\d+(ms|s|m|h|d))+$ @default "180d" */
  expiresIn?: string;
  /** How long before its end it is replaced. @pattern ^(\d+(ms|s|m|h|d))+$ @default "30d" */
  rotateBefore?: string;
}

export interface ShareTypeSpec {
  /** @minLength 1 @maxLength 255 */
  name: string;
  /** @maxLength 255 */
  description?: string;
  /** Share protocol that volumes of this type speak. @default "NFS" */
  protocol?: Protocol;
  /** Does the driver make a share server for each share network? Fixed once the type exists. @default false */
  driverHandlesShareServers?: boolean;
  /** What shares of this type can do with snapshots. */
  snapshots?: SnapshotSpec;
  /**
   * Further extra specs, as `openstack share type set --extra-specs` takes them. `null` takes a key away, whoever set
   * it; a key that is taken out of this file is taken from the type if this file had set it.
   */
  extraSpecs?: Record<string, string | number | boolean | null>;
  /** Everybody, or a list of projects by name or id. @default "public" */
  access?: 'public' | string[];
}

export interface SnapshotSpec {
  /** Extra spec snapshot_support. */
  create?: boolean;
  /** Extra spec create_share_from_snapshot_support. */
  restore?: boolean;
  /** Extra spec revert_to_snapshot_support. */
  revert?: boolean;
  /** Extra spec mount_snapshot_support. */
  mount?: boolean;
}

/** A limit: -1 is unlimited, `inherit` is that of the next above: of the project for a share type or a user, of the cloud for a project. */
export type Limit = Count | 'inherit';

/** @asType integer @minimum -1 */
export type Count = number;

/** Limits that a project, a user or a share type can have. Sizes in GiB. */
export interface ShareTypeQuotaSpec {
  shares?: Limit;
  /** GiB. */
  gigabytes?: Limit;
  snapshots?: Limit;
  /** GiB. */
  snapshotGigabytes?: Limit;
  shareReplicas?: Limit;
  /** GiB. */
  replicaGigabytes?: Limit;
}

/** Limits that a project or a user can have. */
export interface UserQuotaSpec extends ShareTypeQuotaSpec {
  shareNetworks?: Limit;
  shareGroups?: Limit;
  shareGroupSnapshots?: Limit;
  /** GiB. */
  perShareGigabytes?: Limit;
  backups?: Limit;
  /** GiB. */
  backupGigabytes?: Limit;
  encryptionKeys?: Limit;
}

export interface QuotaSpec extends UserQuotaSpec {
  /** Project, by name or id. @minLength 1 */
  project: string;
  /** Limits of single share types within the project's, by the type's name; `inherit` takes all of them away. */
  shareTypes?: Record<string, ShareTypeQuotaSpec | 'inherit'>;
  /** Limits of single users within the project's, by the user's name or id; `inherit` takes all of them away. */
  users?: Record<string, UserQuotaSpec | 'inherit'>;
}

export interface StorageClassesSpec {
  /** In front of each class's name. @pattern ^[a-z0-9]([-a-z0-9.]{0,60})?$ @default "csi-manila-" */
  prefix?: string;
  /** Share type whose class is the cluster's default class. @minLength 1 */
  default?: string;
  /** Share types to make classes for, with `*` as wildcard. @default ["*"] */
  include?: string[];
  /** Share types to leave out, with `*` as wildcard. @default [] */
  exclude?: string[];
  /**
   * Who may mount the shares: addresses or CIDRs of the nodes. `nodes` is every node by its own address, which
   * only `storageclass sync --watch` keeps right as nodes come and go. Without it, the CIDRs of the nodes' subnets.
   */
  shareClients?: ShareClients;
  /**
   * Share network (name or id) of the drivers' project, for share types whose back end makes share servers. Without
   * it, the only one that the project has. @minLength 1
   */
  shareNetwork?: string;
  /**
   * What becomes of edits that people make to mountOptions, allowVolumeExpansion and allowedTopologies of a class:
   * kept until the file says something new, or restored to what the file says. @default "keep"
   */
  userEdits?: UserEdits;
  /** Settings of single classes, by the name of the share type. */
  overrides?: Record<string, StorageClassOverride>;
}

/** @minItems 1 */
type ClientList = string[];
export type ShareClients = 'nodes' | ClientList;
export type UserEdits = 'keep' | 'restore';

export interface StorageClassOverride {
  /** @default "Delete" */
  reclaimPolicy?: 'Delete' | 'Retain';
  /** @default "Immediate" */
  volumeBindingMode?: 'Immediate' | 'WaitForFirstConsumer';
  /** @default true */
  allowVolumeExpansion?: boolean;
  /** Mount options, such as nfsvers=4.1. */
  mountOptions?: string[];
  /** Who may mount shares of this class, instead of the common list. @minItems 1 */
  shareClients?: string[];
  /** Manila availability zone. @minLength 1 */
  availabilityZone?: string;
  /** Protocol, where the share type's extra specs and back ends leave more than one. */
  protocol?: Protocol;
  /** Share network (name or id) of the drivers' project, instead of the common one. @minLength 1 */
  shareNetwork?: string;
  /** @default "Delete" */
  snapshotDeletionPolicy?: 'Delete' | 'Retain';
  /** What becomes of people's edits to this class, instead of the common rule. */
  userEdits?: UserEdits;
}

/** A namespace bound to a project. It needs `project`, or `cloud` in its place. */
export interface TenantSpec {
  /** Namespace of the claims. It is made if it is not there. @pattern ^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$ */
  namespace: string;
  /** Project (name or id) that owns the shares. @minLength 1 */
  project?: string;
  /**
   * `create` makes a service user with role member in the project; otherwise the name of a user to make it with.
   * @minLength 1 @default "create"
   */
  user?: string;
  /** Instead of project and user: an entry of clouds.yaml that makes the credential for itself. @minLength 1 */
  cloud?: string;
  /** Share types that the tenant has StorageClasses for, with `*` as wildcard. @default ["*"] */
  storageClasses?: string[];
  /**
   * Keep a ResourceQuota in the namespace that says what the project's Manila quota says, and that leaves no room in
   * the driver's other StorageClasses?
   * @default false
   */
  resourceQuota?: boolean;
}

/** A path into the file: `['shareTypes', 0, 'name']`. */
export type ConfigPath = readonly (string | number)[];

type Defaulted<T, K extends keyof T> = Omit<T, K> & Required<Pick<T, K>>;

/** The file with every default filled in. */
export interface Config {
  installation: string | undefined;
  cloud: CloudSpec;
  cluster: Defaulted<ClusterSpec, 'namespace'>;
  drivers: Defaulted<DriversSpec, 'protocols' | 'snapshots' | 'topology' | 'replicas'>;
  credential: Defaulted<CredentialSpec, 'user' | 'expiresIn' | 'rotateBefore'>;
  shareTypes: Defaulted<ShareTypeSpec, 'protocol' | 'driverHandlesShareServers' | 'extraSpecs' | 'access'>[];
  quotas: QuotaSpec[];
  storageClasses: Defaulted<StorageClassesSpec, 'prefix' | 'include' | 'exclude' | 'userEdits' | 'overrides'>;
  tenants: Tenant[];
}

export type Tenant = Defaulted<TenantSpec, 'user' | 'storageClasses' | 'resourceQuota'>;

export interface LoadedConfig {
  /** The file that was read; undefined where there was none and everything is default. */
  path: string | undefined;
  config: Config;
  /** The top-level keys that the file has: commands for the whole file keep only what it speaks of. */
  keys: ReadonlySet<keyof ConfigFile>;
  /** Where a value stands, for messages: `manila-rwx.yaml:12:5`; the place of its nearest parent if it is not there. */
  where: (path: ConfigPath) => string;
  /** Is something at or below `path` wrong? `config` is without it then. Absent where the whole file is right. */
  faulty?: (path: ConfigPath) => boolean;
}

/** A file that was read, right or not. */
export interface ReadConfig extends LoadedConfig {
  path: string;
  /** Everything that is wrong with it, with `config` as its sound part; undefined where it is right. */
  invalid?: CliError;
}
