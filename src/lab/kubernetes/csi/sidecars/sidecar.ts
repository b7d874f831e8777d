import { randomUUID } from 'node:crypto';
import type { Cluster } from '../../cluster.ts';
import type { Rbac } from '../../http/rbac.ts';
import type { User } from '../../http/request.ts';
import { serviceAccountGroups } from '../../http/auth.ts';
import type { SecretReference } from '../../kinds.ts';
import type { ProgramContext } from '../../kubelet/programs.ts';
import { type KubeObject, microTimestamp } from '../../objects.ts';
import { at, textAt } from '../../json.ts';
import { asJson } from '../../objects.ts';
import { Flags, socketPath } from '../flags.ts';
import type { CsiService, Secrets, Sockets } from '../rpc.ts';

/** What a sidecar needs of the lab. */
export interface SidecarParts {
  cluster: Cluster;
  rbac: Rbac;
  sockets: Sockets;
}

/** What a sidecar may do has to be granted to the service account of its pod. */
export interface Right {
  verb: string;
  group: string;
  resource: string;
}

const RENEW_MS = 5000;
const LEASE_SECONDS = 15;

/** What all sidecars have in common: the driver they serve, a leader among their replicas, and rights. */
export class Sidecar {
  readonly cluster: Cluster;
  readonly flags: Flags;
  readonly signal: AbortSignal;
  readonly #context: ProgramContext;
  readonly #parts: SidecarParts;
  readonly #identity = randomUUID();

  constructor(parts: SidecarParts, context: ProgramContext) {
    this.cluster = parts.cluster;
    this.#parts = parts;
    this.#context = context;
    this.signal = context.signal;
    this.flags = new Flags(context.args, [
      'v',
      'leader-election',
      'extra-create-metadata',
      'handle-volume-inuse-error',
    ]);
  }

  log(line: string): void {
    this.#context.log(line);
  }

  /** Name of the component in events: driver, pod and a number of its own. */
  component(driver: string): string {
    return `${driver}_${this.#context.pod.metadata.name}_${this.#identity}`;
  }

  get namespace(): string {
    return this.#context.pod.metadata.namespace ?? 'default';
  }

  /** The driver at `--csi-address`, once it listens. */
  async driver(): Promise<CsiService | undefined> {
    const path = socketPath(this.flags.text('csi-address', '/run/csi/socket'));
    return this.#parts.sockets.when(this.#context.place(path), this.signal);
  }

  /** The service account of the pod. */
  get user(): User {
    const account = this.#context.pod.spec.serviceAccountName ?? 'default';
    const name = `system:serviceaccount:${this.namespace}:${account}`;
    return { name, groups: [...serviceAccountGroups(name), 'system:authenticated'] };
  }

  /** @throws ApiError 403 in the API server's words. */
  require(right: Right, namespace?: string, name?: string): void {
    this.#parts.rbac.check(this.user, { ...right, namespace, name });
  }

  /** Says which of these rights are missing; nothing can be done without them. */
  async waitForRights(rights: readonly Right[]): Promise<void> {
    while (!this.signal.aborted) {
      const missing = rights.find((right) => !this.#parts.rbac.allows(this.user, right));
      if (!missing) return;
      try {
        this.require(missing);
      } catch (error) {
        this.log(
          `E0000 00:00:00.000000       1 reflector.go:205] "Failed to watch" err="failed to ${missing.verb} ${missing.resource}: ${(error as Error).message}"`,
        );
      }
      await this.pause(1000);
    }
  }

  /** Waits until this replica is the one that works. */
  async lead(leaseName: string): Promise<void> {
    if (!this.flags.bool('leader-election')) return;
    const namespace = this.flags.text('leader-election-namespace', this.namespace);
    const holder = `${this.#context.pod.metadata.name}-${this.#identity}`;
    while (!this.signal.aborted) {
      if (this.#takeLease(namespace, leaseName, holder)) break;
      await this.pause(200);
    }
    const renew = setInterval(() => void this.#takeLease(namespace, leaseName, holder), RENEW_MS);
    this.signal.addEventListener('abort', () => {
      clearInterval(renew);
      this.#releaseLease(namespace, leaseName, holder);
    });
    this.log(
      `I0000 00:00:00.000000       1 leaderelection.go:271] successfully acquired lease ${namespace}/${leaseName}`,
    );
  }

  #takeLease(namespace: string, name: string, holder: string): boolean {
    try {
      this.require({ verb: 'create', group: 'coordination.k8s.io', resource: 'leases' }, namespace);
      this.require({ verb: 'update', group: 'coordination.k8s.io', resource: 'leases' }, namespace);
    } catch (error) {
      this.log(
        `E0000 00:00:00.000000       1 leaderelection.go:429] Failed to update lock optimistically: ${(error as Error).message}`,
      );
      return false;
    }
    const lease = this.cluster.get('Lease', namespace, name);
    const spec = { holderIdentity: holder, leaseDurationSeconds: LEASE_SECONDS, renewTime: microTimestamp() };
    if (!lease) {
      if (this.cluster.get('Namespace', undefined, namespace) === undefined) return false;
      this.cluster.create(
        'Lease',
        { metadata: { name, namespace }, spec: { ...spec, acquireTime: microTimestamp() } },
        'csi-sidecar',
      );
      return true;
    }
    const current = at(asJson(lease), 'spec', 'holderIdentity');
    const renewed = Date.parse(textAt(asJson(lease), 'spec', 'renewTime'));
    const isFree = current === '' || current === undefined || Date.now() - renewed > LEASE_SECONDS * 1000;
    if (current !== holder && !isFree) return false;
    this.#writeLease(lease, spec);
    return true;
  }

  #releaseLease(namespace: string, name: string, holder: string): void {
    const lease = this.cluster.get('Lease', namespace, name);
    if (lease && at(asJson(lease), 'spec', 'holderIdentity') === holder)
      this.#writeLease(lease, { holderIdentity: '', renewTime: microTimestamp() });
  }

  #writeLease(lease: KubeObject, spec: object): void {
    this.cluster.edit('Lease', lease, 'csi-sidecar', (copy) => {
      const before = at(asJson(copy), 'spec');
      asJson(copy).spec = { ...(before as object), ...spec };
    });
  }

  /** The data of a Secret. @throws ApiError where there is none, or the service account may not read it. */
  secret({ name, namespace }: SecretReference): Secrets {
    this.require({ verb: 'get', group: '', resource: 'secrets' }, namespace, name);
    const found = this.cluster.get('Secret', namespace, name);
    if (!found) throw new Error(`secrets ${JSON.stringify(name)} not found`);
    const entries = Object.entries(found.data ?? {}).map(
      ([key, text]) => [key, Buffer.from(text, 'base64').toString()] as const,
    );
    return Object.fromEntries(entries);
  }

  /** Waits, or until the container is told to stop. */
  async pause(ms: number): Promise<void> {
    if (this.signal.aborted) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.signal.addEventListener('abort', done);
    });
  }
}

/** Name of the lease of a sidecar: the driver's, without what a name may not hold. */
export function leaseNameFor(prefix: string, driver: string): string {
  return `${prefix}${driver.replaceAll(/[^a-zA-Z0-9-]/g, '-')}`;
}

/** Fills `${pvc.namespace}` and the like into the name or namespace of a Secret. */
export function fillTemplate(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\{([^}]*)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`invalid tokens: [${JSON.stringify(whole.slice(2, -1))}]`);
    return value;
  });
}
