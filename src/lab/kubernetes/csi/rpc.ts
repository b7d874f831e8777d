import type { Mounted } from '../kubelet/mounts.ts';

/** Names of gRPC's status codes, as Go writes them. */
export type RpcCode =
  | 'Aborted'
  | 'AlreadyExists'
  | 'DeadlineExceeded'
  | 'FailedPrecondition'
  | 'Internal'
  | 'InvalidArgument'
  | 'NotFound'
  | 'OutOfRange'
  | 'ResourceExhausted'
  | 'Unauthenticated'
  | 'Unavailable'
  | 'Unimplemented'
  | 'Unknown';

/** An error that a driver answers a call with. */
export class RpcError extends Error {
  readonly code: RpcCode;

  constructor(code: RpcCode, description: string) {
    super(`rpc error: code = ${code} desc = ${description}`);
    this.name = 'RpcError';
    this.code = code;
  }
}

export type Secrets = Readonly<Record<string, string>>;

export interface CreateVolumeRequest {
  /** `pvc-<uid>` */
  name: string;
  requiredBytes: number;
  parameters: Readonly<Record<string, string>>;
  secrets: Secrets;
  /** Block volumes are refused. */
  isBlock: boolean;
  snapshotId?: string | undefined;
}

export interface CreatedVolume {
  volumeId: string;
  capacityBytes: number;
  volumeContext: Record<string, string>;
}

export interface CreatedSnapshot {
  snapshotId: string;
  sourceVolumeId: string;
  sizeBytes: number;
  /** Milliseconds since the epoch. */
  createdAt: number;
  readyToUse: boolean;
}

/** The controller half of a CSI driver, as far as the sidecars call it. */
export interface ControllerService {
  createVolume(request: CreateVolumeRequest): Promise<CreatedVolume>;
  deleteVolume(volumeId: string, secrets: Secrets): Promise<void>;
  /** @returns the new size in bytes. */
  expandVolume(volumeId: string, requiredBytes: number, secrets: Secrets): Promise<number>;
  createSnapshot(name: string, sourceVolumeId: string, secrets: Secrets): Promise<CreatedSnapshot>;
  deleteSnapshot(snapshotId: string, secrets: Secrets): Promise<void>;
}

export interface NodePublishRequest {
  volumeId: string;
  targetPath: string;
  readOnly: boolean;
  mountFlags: readonly string[];
  volumeContext: Readonly<Record<string, string>>;
  secrets: Secrets;
  signal: AbortSignal;
}

/** The node half of a CSI driver. */
export interface NodeService {
  /** The id under which the driver knows the node. */
  nodeId: string;
  publishVolume(request: NodePublishRequest): Promise<Mounted>;
  unpublishVolume(volumeId: string, targetPath: string): Promise<void>;
}

/** What answers on a driver's socket. */
export interface CsiService {
  driverName: string;
  /** Is it ready to work? */
  probe(): boolean;
  controller?: ControllerService;
  node?: NodeService;
}

/** The sockets of all drivers in the lab, by the place they are at. */
export class Sockets {
  readonly #services = new Map<string, CsiService>();
  readonly #listeners = new Set<() => void>();

  /** @returns what closes the socket. */
  listen(place: string, service: CsiService): () => void {
    this.#services.set(place, service);
    this.#tell();
    return () => {
      if (this.#services.get(place) !== service) return;
      this.#services.delete(place);
      this.#tell();
    };
  }

  at(place: string | undefined): CsiService | undefined {
    return place === undefined ? undefined : this.#services.get(place);
  }

  /** Calls back whenever a socket appears or goes. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves with the service once there is one, or with undefined when it is given up. */
  async when(place: string | undefined, signal: AbortSignal, timeoutMs = Infinity): Promise<CsiService | undefined> {
    const found = this.at(place);
    if (found || place === undefined || signal.aborted) return found;
    return new Promise((resolve) => {
      const finish = (service: CsiService | undefined): void => {
        stop();
        clearTimeout(timer);
        signal.removeEventListener('abort', give);
        resolve(service);
      };
      const give = (): void => finish(undefined);
      const stop = this.onChange(() => {
        const now = this.at(place);
        if (now) finish(now);
      });
      const timer = timeoutMs === Infinity ? undefined : setTimeout(give, timeoutMs);
      signal.addEventListener('abort', give);
    });
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
