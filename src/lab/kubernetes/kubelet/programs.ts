import type { Cluster } from '../cluster.ts';
import type { Container, Pod } from '../kinds.ts';
import type { Mounted } from './mounts.ts';

/** What a simulated program is given. */
export interface ProgramContext {
  cluster: Cluster;
  pod: Pod;
  container: Container;
  /** Name of the node. */
  node: string;
  /** The container's arguments, with variables put in. */
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  /** A line in the container's log. */
  log(line: string): void;
  /** Ends the container. */
  exit(code: number): void;
  /** Aborted when the container is told to stop. */
  signal: AbortSignal;
  /**
   * What a path in the container stands for: the same text for all containers that see the same file, on the node or
   * in a volume of the pod. Undefined where nothing is mounted there.
   */
  place(path: string): string | undefined;
}

/** A program that runs in the lab instead of a process: the drivers and their sidecars. */
export interface Program {
  /** Does it answer its health checks? */
  healthy?(): boolean;
  stop?(): void;
}

/** The CSI drivers that are registered on a node. */
export interface NodeDrivers {
  /** Mounts a volume for a pod. @throws Error with the driver's words. */
  publish(node: string, driver: string, request: PublishRequest): Promise<Mounted>;
  unpublish(node: string, driver: string, volumeHandle: string, targetPath: string): Promise<void>;
}

export interface PublishRequest {
  volumeName: string;
  volumeHandle: string;
  targetPath: string;
  readOnly: boolean;
  mountOptions: readonly string[];
  volumeContext: Readonly<Record<string, string>>;
  secrets: Readonly<Record<string, string>>;
  signal: AbortSignal;
}

/** What the kubelets need of the drivers' side. */
export interface ProgramRegistry extends NodeDrivers {
  /** The program that an image stands for; undefined for images that run as processes. */
  programFor(image: string): ((context: ProgramContext) => Program) | undefined;
}
