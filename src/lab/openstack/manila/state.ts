import { nameKey } from '../../../core/database-text.ts';
import { uuid } from '../ids.ts';
import type { Timestamps } from '../time.ts';
import type { Backend } from './backends.ts';
import { QuotaStore } from './quota-store.ts';

export interface ShareType {
  id: string;
  name: string;
  description: string | null;
  isPublic: boolean;
  /** Null only where a request said so when the type was made. */
  extraSpecs: Record<string, string | null>;
  /** Projects that see it while it is not public. */
  projects: string[];
}

export interface ExportLocation {
  id: string;
  path: string;
  preferred: boolean;
  adminOnly: boolean;
  createdAt: string;
}

export interface AccessRule {
  id: string;
  shareId: string;
  type: string;
  to: string;
  level: 'rw' | 'ro';
  state: 'queued_to_apply' | 'queued_to_deny' | 'applying' | 'denying' | 'active' | 'error';
  key: string | null;
  createdAt: string;
  updatedAt: string | null;
  metadata: Record<string, string>;
}

export interface Share {
  id: string;
  instanceId: string;
  name: string | null;
  description: string | null;
  /** GiB. */
  size: number;
  /** GiB asked for by an extension that is under way. */
  growing: number;
  proto: string;
  status: string;
  projectId: string;
  userId: string;
  typeId: string | null;
  networkId: string | null;
  serverId: string | null;
  /** `host@backend#pool`; empty until the scheduler has chosen. */
  host: string;
  zone: string | null;
  metadata: Record<string, string>;
  isPublic: boolean;
  snapshotId: string | null;
  createdAt: string;
  accessRulesStatus: 'active' | 'syncing' | 'error';
  progress: string | null;
  snapshotSupport: boolean;
  createFromSnapshotSupport: boolean;
  revertSupport: boolean;
  mountSnapshotSupport: boolean;
  replicationType: string | null;
  softDeleted: boolean;
  toBeDeletedAt: string | null;
  exportLocations: ExportLocation[];
  rules: Map<string, AccessRule>;
}

export interface Snapshot {
  id: string;
  instanceId: string;
  shareId: string;
  name: string | null;
  description: string | null;
  size: number;
  proto: string;
  status: string;
  projectId: string;
  userId: string;
  createdAt: string;
  metadata: Record<string, string>;
}

export interface Subnet {
  id: string;
  zone: string | null;
  neutronNetId: string | null;
  neutronSubnetId: string | null;
  createdAt: string;
  updatedAt: string | null;
  /** Set when a share server was made in it, by the standalone network plugin of the back end. */
  network: {
    type: string;
    segmentationId: number;
    cidr: string;
    ipVersion: number;
    gateway: string;
    mtu: number;
  } | null;
}

export interface ShareNetwork {
  id: string;
  name: string | null;
  description: string | null;
  projectId: string;
  userId: string;
  createdAt: string;
  updatedAt: string | null;
  subnets: Subnet[];
}

export interface UserMessage {
  id: string;
  projectId: string;
  actionId: string;
  detailId: string;
  resourceType: 'SHARE' | 'SHARE_SNAPSHOT';
  resourceId: string;
  requestId: string;
  createdAt: string;
  expiresAt: string;
}

export interface ManilaServiceRecord {
  id: number;
  binary: 'manila-scheduler' | 'manila-share';
  host: string;
  disabled: boolean;
}

export interface ManilaOptions {
  /** Milliseconds that each call of the storage driver takes; a transition is one call. */
  delayMs: number;
  backends: readonly Backend[];
  /** Protocols in capital letters. */
  protocols: readonly string[];
  /** Name of the type that shares get where none is named; there need not be one. */
  defaultShareType: string | undefined;
  /** Newest microversion is 2.N; what the lab serves where undefined. */
  newest?: number | undefined;
  /** `[keystone_authtoken] service_type`: undefined refuses all credentials with access rules. */
  serviceType: string | undefined;
  /** How long a checked token is believed without asking Keystone again. */
  tokenCacheSeconds: number;
}

const MESSAGE_LIFE_MS = 30 * 86_400_000;

/** Everything that Manila knows, in memory. Keys of the maps are ids; their order is that of creation. */
export class ManilaState {
  /** By name: thousands of types are looked through for each new one. */
  readonly #nameKeys = new Map<string, string>();
  readonly types = new Map<string, ShareType>();
  readonly shares = new Map<string, Share>();
  readonly snapshots = new Map<string, Snapshot>();
  readonly networks = new Map<string, ShareNetwork>();
  readonly messages = new Map<string, UserMessage>();
  readonly services: ManilaServiceRecord[];
  readonly zones: { id: string; name: string; createdAt: string }[];
  readonly quotas = new QuotaStore();
  readonly options: ManilaOptions;
  readonly time: Timestamps;
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(options: ManilaOptions, time: Timestamps) {
    this.options = options;
    this.time = time;
    this.services = [
      { id: 1, binary: 'manila-scheduler', host: options.backends[0]?.host ?? 'rwx', disabled: false },
      ...options.backends.map(({ host, backend }, index) => ({
        id: index + 2,
        binary: 'manila-share' as const,
        host: `${host}@${backend}`,
        disabled: false,
      })),
    ];
    const zones = new Set(options.backends.map((backend) => backend.zone));
    this.zones = [...zones].map((name) => ({ id: uuid(), name, createdAt: time.manila() }));
  }

  /** Does something after as many driver calls as `calls` says, as the back end would. Never after `close`. */
  later(calls: number, action: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, calls * this.options.delayMs);
    timer.unref();
    this.#timers.add(timer);
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  addMessage(message: Omit<UserMessage, 'id' | 'createdAt' | 'expiresAt'>): void {
    const createdAt = this.time.manila();
    const expiresAt = new Date(this.time.now() + MESSAGE_LIFE_MS).toISOString().slice(0, 19);
    const id = uuid();
    this.messages.set(id, { ...message, id, createdAt, expiresAt: `${expiresAt}.000000` });
  }

  #nameKey(name: string): string {
    const known = this.#nameKeys.get(name) ?? nameKey(name);
    this.#nameKeys.set(name, known);
    return known;
  }

  typeByName(name: string): ShareType | undefined {
    const key = this.#nameKey(name);
    for (const type of this.types.values()) if (this.#nameKey(type.name) === key) return type;
    return undefined;
  }

  defaultType(): ShareType | undefined {
    const { defaultShareType } = this.options;
    return defaultShareType === undefined ? undefined : this.typeByName(defaultShareType);
  }

  snapshotsOf(shareId: string): Snapshot[] {
    return [...this.snapshots.values()].filter((snapshot) => snapshot.shareId === shareId);
  }

  backendOf(host: string): Backend | undefined {
    return this.options.backends.find((backend) => poolName(backend) === host);
  }
}

/** `host@backend#pool` */
export function poolName({ host, backend, pool }: Backend): string {
  return `${host}@${backend}#${pool}`;
}
