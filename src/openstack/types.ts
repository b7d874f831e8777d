/** A token's user, project and roles, as Keystone told at login. */
export interface Identity {
  user: { id: string; name: string; domain: string };
  /** Absent for an unscoped or system-scoped token. */
  project?: { id: string; name: string; domain: string };
  roles: string[];
  /** Set where the login was made with an application credential. */
  applicationCredential?: {
    id: string;
    name: string;
    restricted: boolean;
    /** Has it access rules, so that most calls are refused (401)? */
    limited: boolean;
  };
  /** Milliseconds since the epoch. */
  expiresAt: number;
}

/** One endpoint of the catalog after service type, region and interface were chosen. */
export interface Endpoint {
  type: string;
  url: string;
  region: string;
  interface: 'public' | 'internal' | 'admin';
}

export interface ServiceRequest {
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Absolute URL. */
  url: string;
  query?: Record<string, string | number | boolean | undefined>;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  json?: unknown;
  /** May it be repeated after a reset or a 5xx? GET, PUT and DELETE are unless told otherwise; POST is not. */
  repeatable?: boolean;
  signal?: AbortSignal;
}

export interface ServiceResponse {
  status: number;
  /** Lower-case names. */
  headers: Record<string, string>;
  /** Parsed JSON; undefined for an empty body. */
  body: unknown;
}

/**
 * A login to one cloud. One discovery and one login a run: the token is cached on disk, renewed when it has less
 * than 120 s to live, and dropped and renewed once on a 401.
 */
export interface Session {
  /** How this login was chosen, for people: `cloud "admin" of /etc/openstack/clouds.yaml`, or `OS_* variables`. */
  readonly source: string;
  /** Keystone's v3 address without a final slash: `http://10.0.0.1:5000/v3`. */
  readonly authUrl: string;
  readonly region: string | undefined;
  readonly interface: 'public' | 'internal' | 'admin';
  /** PEM text of the private CA, where one is configured. */
  readonly caPem: string | undefined;
  readonly insecure: boolean;
  /** Logs in if that has not happened yet. */
  identity(): Promise<Identity>;
  /** The catalog's entries as Keystone sent them. */
  catalog(): Promise<
    { type: string; name?: string; endpoints: { interface: string; region: string; url: string }[] }[]
  >;
  /**
   * The endpoint of the first of these service types that the catalog has for the region and interface.
   * @throws CliError `no-endpoint` (exit 3) that says which types, regions and interfaces there are instead.
   */
  endpoint(serviceTypes: readonly string[]): Promise<Endpoint>;
  /**
   * One request with the token. Statuses from 400 on are thrown as OpenStackError, except 401, which is tried once
   * more with a new token.
   */
  request(request: ServiceRequest): Promise<ServiceResponse>;
  /** Closes idle connections. */
  close(): void;
}

/** A share type as the program sees it, whatever the microversion. */
export interface ShareType {
  id: string;
  name: string;
  /** Empty string where there is none or the cloud is too old to have one (below 2.41). */
  description: string;
  isPublic: boolean;
  isDefault: boolean;
  /** As stored, strings; booleans in the answer become "True" or "False". Includes driver_handles_share_servers. */
  extraSpecs: Record<string, string>;
}

/** A share network, for back ends that make a share server in the project's own network. */
export interface ShareNetwork {
  id: string;
  /** Empty where it has none. */
  name: string;
  /** `active`, `error` or `network_change`; `active` where the cloud is too old to say (below 2.63). */
  status: string;
  /** Zones of its subnets; undefined is a subnet for all zones. */
  zones: readonly (string | undefined)[];
}

export type ShareStatus =
  | 'creating'
  | 'creating_from_snapshot'
  | 'available'
  | 'deleting'
  | 'error'
  | 'error_deleting'
  | 'extending'
  | 'extending_error'
  | (string & {});

export interface Share {
  id: string;
  name: string;
  description: string;
  status: ShareStatus;
  /** GiB. */
  size: number;
  protocol: string;
  shareTypeName: string;
  shareTypeId: string;
  projectId: string;
  availabilityZone?: string;
  /** As Manila writes it, UTC without a zone. */
  createdAt?: string;
  metadata: Record<string, string>;
}

export interface Snapshot {
  id: string;
  name: string;
  description: string;
  status: string;
  shareId: string;
  projectId: string;
  /** As Manila writes it, UTC without a zone. */
  createdAt?: string;
}

export interface AccessRule {
  id: string;
  type: 'ip' | 'user' | 'cert' | 'cephx';
  to: string;
  level: 'rw' | 'ro';
  state: string;
  /** Empty below 2.45. */
  metadata: Record<string, string>;
}

export interface UserMessage {
  id: string;
  /** The sentence for people. */
  message: string;
  /** Three digits; `detailId` 008 is the capabilities filter, and so on. */
  actionId: string;
  detailId: string;
  createdAt: string;
  requestId?: string;
}

/** Limits of one project, user or share type: -1 is unlimited. Keys as Manila names them: shares, gigabytes, ... */
export type QuotaSet = Record<string, number>;

/** With use: how much of each limit is taken. */
export type QuotaDetail = Record<string, { limit: number; inUse: number; reserved: number }>;

export interface Pool {
  /** `host@backend#pool` */
  name: string;
  backend: string;
  capabilities: Record<string, unknown>;
}
