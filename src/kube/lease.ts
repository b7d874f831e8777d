import type { Context } from '../core/context.ts';
import { messageOf } from '../core/errors.ts';
import { KubeApiError } from './errors.ts';
import type { KubeClient, KubeObject } from './types.ts';

/** One Lease under which one of several processes works. */
export interface LeaseOptions {
  namespace: string;
  name: string;
  /** Tells this process from its peers: the pod's name. */
  identity: string;
}

interface Lease extends KubeObject {
  spec?: {
    holderIdentity?: string;
    leaseDurationSeconds?: number;
    acquireTime?: string;
    renewTime?: string;
    leaseTransitions?: number;
  };
}

const LEASE = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' } as const;

/** The times of client-go's leader election, as the sidecars of the drivers have them. */
const DURATION_MS = 15_000;
const RENEW_DEADLINE_MS = 10_000;
const RETRY_MS = 2_000;

/**
 * Waits until this process holds the Lease, then works as long as it does; waits again where it has lost it. Ends when
 * the work ends or `ctx.signal` is aborted, and gives the Lease back, so that the next one need not wait for its end.
 *
 * Whether a Lease is over is judged by how long it was seen unchanged, not by its times: clocks differ. Each write is
 * for the version that was read, so two that take it at once cannot both have it.
 *
 * @param work is given a signal that is aborted when the Lease is lost, before another process can have it.
 */
export async function whileLeader(
  ctx: Context,
  kube: KubeClient,
  options: LeaseOptions,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const candidate = new Candidate(ctx, kube, options);
  for (;;) {
    ctx.signal.throwIfAborted();
    if (!(await candidate.tryToHold(ctx.signal))) {
      await ctx.clock.sleep(RETRY_MS * (1 + Math.random() * 0.2), ctx.signal);
      continue;
    }
    ctx.io.note(`holding Lease ${options.namespace}/${options.name} as ${options.identity}`);
    const lost = new AbortController();
    const done = new AbortController();
    const renewing = candidate.renew(done.signal, lost);
    try {
      await work(AbortSignal.any([ctx.signal, lost.signal]));
      return;
    } catch (error) {
      if (!lost.signal.aborted || ctx.signal.aborted) throw error;
      ctx.io.note(`Lease ${options.namespace}/${options.name} was lost: ${messageOf(error)}`);
    } finally {
      done.abort();
      await renewing;
      if (!lost.signal.aborted) await candidate.release();
    }
  }
}

class Candidate {
  readonly #ctx: Context;
  readonly #kube: KubeClient;
  readonly #options: LeaseOptions;
  /** The Lease as it was last seen to change, and when. */
  #seen: { state: string; at: number } | undefined;
  /** When the try began that last got or renewed it: others cannot have seen it sooner. */
  #heldAt = 0;

  constructor(ctx: Context, kube: KubeClient, options: LeaseOptions) {
    this.#ctx = ctx;
    this.#kube = kube;
    this.#options = options;
  }

  /** One try to take the Lease, or to renew it, that ends within this time. */
  async tryToHold(signal: AbortSignal, withinMs = RENEW_DEADLINE_MS): Promise<boolean> {
    const startedAt = this.#ctx.clock.now();
    try {
      // The whole try, with every repetition of its requests.
      const holds = await this.#hold(AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(withinMs))]));
      if (holds) this.#heldAt = startedAt;
      return holds;
    } catch (error) {
      if (signal.aborted) throw error;
      if (error instanceof KubeApiError && error.status === 403) throw error;
      this.#ctx.io.detail(`Lease ${this.#options.name}: ${messageOf(error)}`);
      return false;
    }
  }

  /** Renews until `done`; aborts `lost` where that did not work in time, while no other can have taken it. */
  async renew(done: AbortSignal, lost: AbortController): Promise<void> {
    const leftMs = (): number => this.#heldAt + RENEW_DEADLINE_MS - this.#ctx.clock.now();
    while (leftMs() > 0) {
      await this.#ctx.clock.sleep(Math.min(RETRY_MS, leftMs()), done).catch(() => undefined);
      if (done.aborted) return;
      if (leftMs() > 0) await this.tryToHold(done, leftMs()).catch(() => false);
    }
    lost.abort(new Error('it could not be renewed in time'));
  }

  async release(): Promise<void> {
    const { name, namespace, identity } = this.#options;
    try {
      const lease = await this.#kube.get<Lease>({ ...LEASE, name, namespace }, { signal: this.#ctx.hardSignal });
      if (lease?.spec?.holderIdentity !== identity) return;
      await this.#write(lease, { holderIdentity: '', leaseDurationSeconds: 1 }, this.#ctx.hardSignal);
    } catch (error) {
      this.#ctx.io.detail(`Lease ${name} was not given back: ${messageOf(error)}`);
    }
  }

  async #hold(signal: AbortSignal): Promise<boolean> {
    const { name, namespace, identity } = this.#options;
    const lease = await this.#kube.get<Lease>({ ...LEASE, name, namespace }, { signal });
    const now = microTime(this.#ctx.clock.now());
    const mine = { holderIdentity: identity, leaseDurationSeconds: DURATION_MS / 1000, renewTime: now };
    if (!lease) {
      const spec = { ...mine, acquireTime: now, leaseTransitions: 0 };
      await this.#kube.create({ ...LEASE, metadata: { name, namespace }, spec }, { signal });
      return true;
    }
    const { spec = {} } = lease;
    if (spec.holderIdentity === identity) {
      await this.#write(lease, mine, signal);
      return true;
    }
    if (spec.holderIdentity && !this.#isOver(spec)) return false;
    const transitions = (spec.leaseTransitions ?? 0) + 1;
    await this.#write(lease, { ...mine, acquireTime: now, leaseTransitions: transitions }, signal);
    return true;
  }

  #isOver(spec: NonNullable<Lease['spec']>): boolean {
    const state = `${spec.holderIdentity ?? ''} ${spec.renewTime ?? ''}`;
    const now = this.#ctx.clock.now();
    if (this.#seen?.state !== state) this.#seen = { state, at: now };
    return now - this.#seen.at >= (spec.leaseDurationSeconds ?? DURATION_MS / 1000) * 1000;
  }

  async #write({ metadata }: Lease, spec: object, signal: AbortSignal): Promise<void> {
    const { name, namespace, resourceVersion, uid } = metadata;
    const patch = { metadata: { resourceVersion, uid }, spec };
    await this.#kube.mergePatch({ ...LEASE, name, namespace }, patch, { signal });
  }
}

/** Leases count in microseconds. */
function microTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z');
}
