import type { Clock } from '../core/clock.ts';
import type { KubeClient, KubeObject, ObjectRef } from '../kube/types.ts';
import { selectorText } from './names.ts';
import { readVolume, sharesNamed, type Shares, type Volume, volumeNameFor, volumeRef } from './volume.ts';

/** Something of the run that is still there. */
export interface Leftover {
  /** `Pod`, `PersistentVolumeClaim`, `PersistentVolume`, `Namespace`, or `Share` for one in Manila. */
  kind: string;
  /** Name in the cluster; for a share its id. */
  name: string;
  namespace?: string;
  /** What keeps it, or how it was seen last. */
  state: string;
  /** The command that removes it, or shows why it stays. */
  command: string;
}

/** Where a run's objects are, and what selects them. */
export interface Scope {
  run: string;
  namespace: string;
  ownNamespace: boolean;
  selector: Record<string, string>;
}

type Kind = 'Pod' | 'PersistentVolumeClaim' | 'PersistentVolume' | 'Namespace' | 'Share';

interface Item {
  kind: Kind;
  name: string;
  state: string;
}

const FAST_MS = 200;
const SLOW_MS = 1000;
/** How long a volume may still turn up after its claim, deleted before it was bound, is gone. */
const SETTLE_MS = 4000;

/**
 * Everything that a run has made, from the moment before it is made until it is seen to be gone. Deleting is asked
 * of the cluster alone: it removes the volume, and the driver the share. Finalizers are never touched.
 */
export class Remains {
  readonly #kube: KubeClient;
  readonly #clock: Clock;
  readonly #scope: Scope;
  readonly #items = new Map<string, Item>();
  /** Volumes of claims that were deleted before they were bound. */
  readonly #unbound = new Set<string>();
  #shares: Shares | undefined;

  constructor(kube: KubeClient, clock: Clock, scope: Scope, shares: Shares | undefined) {
    this.#kube = kube;
    this.#clock = clock;
    this.#scope = scope;
    this.#shares = shares;
  }

  /** Said before it is created. */
  expect(kind: Kind, name: string): void {
    this.#items.set(`${kind} ${name}`, { kind, name, state: 'present' });
  }

  expectVolume({ pv, share }: { pv: string; share?: string | undefined }): void {
    this.expect('PersistentVolume', pv);
    if (share !== undefined && this.#shares) this.expect('Share', share);
  }

  /** From here on Manila is not asked any more: it does not answer, or shows these shares to somebody else only. */
  forgetShares(): void {
    this.#shares = undefined;
    for (const [key, { kind }] of this.#items) if (kind === 'Share') this.#items.delete(key);
  }

  /** Asks for the deletion of all pods of the run; returns how many there were. */
  async deletePods(signal: AbortSignal): Promise<number> {
    const pods = await this.#list('Pod', signal);
    for (const { metadata } of pods) this.expect('Pod', metadata.name);
    await Promise.all(pods.map(({ metadata }) => this.#delete('Pod', metadata.name, signal)));
    return pods.length;
  }

  /** Sets a volume that would be kept to be deleted with its claim. It is the run's own. */
  async release({ pv, retained }: Volume, signal: AbortSignal): Promise<void> {
    if (!retained) return;
    await this.#kube.mergePatch(volumeRef(pv), { spec: { persistentVolumeReclaimPolicy: 'Delete' } }, { signal });
  }

  /** Asks for the deletion of the claims, and sees to it that their volumes go with them. */
  async deleteClaims(signal: AbortSignal): Promise<void> {
    const claims = await this.#list('PersistentVolumeClaim', signal);
    await Promise.all(
      claims.map(async ({ metadata, spec }) => {
        this.expect('PersistentVolumeClaim', metadata.name);
        const pv = (spec as { volumeName?: string }).volumeName;
        if (pv !== undefined) await this.#releaseVolume(pv, signal);
        else if (metadata.uid !== undefined) this.#unbound.add(volumeNameFor(metadata.uid));
        await this.#delete('PersistentVolumeClaim', metadata.name, signal);
      }),
    );
  }

  async deleteNamespace(signal: AbortSignal): Promise<void> {
    if (!this.#scope.ownNamespace) return;
    this.expect('Namespace', this.#scope.namespace);
    await this.#delete('Namespace', this.#scope.namespace, signal);
  }

  /** Resolves when everything of these kinds is gone. Says what is still there. Rejects with the signal's reason. */
  async gone(kinds: readonly Kind[], signal: AbortSignal, say: (text: string) => void): Promise<void> {
    const startedAt = this.#clock.now();
    for (;;) {
      await Promise.all(this.#of(kinds).map((item) => this.#look(item, signal)));
      const left = this.#of(kinds);
      if (left.length === 0) return;
      say(`waiting until gone: ${left.map(describe).join(', ')}`);
      const pause = this.#clock.now() - startedAt < 5000 ? FAST_MS : SLOW_MS;
      await this.#clock.sleep(pause, signal);
    }
  }

  /**
   * Removes everything that is left. All deletions are asked for at once, so that they are under way should this
   * process be killed; the cluster itself keeps the claim until no pod uses it, and a namespace for 5 s.
   */
  async removeAll(signal: AbortSignal, say: (text: string) => void): Promise<void> {
    await Promise.all([this.deletePods(signal), this.deleteClaims(signal)]);
    await this.deleteNamespace(signal);
    await this.gone(['Pod', 'PersistentVolumeClaim'], signal, say);
    await this.#settleUnbound(signal);
    await this.gone(['PersistentVolume', 'Share', 'Namespace'], signal, say);
  }

  /** What was not seen to be gone. */
  leftovers(): Leftover[] {
    const { namespace } = this.#scope;
    return [...this.#items.values()].map(({ kind, name, state }) => ({
      kind,
      name,
      ...(kind === 'Pod' || kind === 'PersistentVolumeClaim' ? { namespace } : {}),
      state,
      command: this.#commandFor(kind, name),
    }));
  }

  #commandFor(kind: Kind, name: string): string {
    const { namespace } = this.#scope;
    switch (kind) {
      case 'Pod':
        return `kubectl -n ${namespace} delete pod ${name}`;
      case 'PersistentVolumeClaim':
        return `kubectl -n ${namespace} delete pvc ${name}`;
      case 'PersistentVolume':
        return `kubectl delete pv ${name}`;
      case 'Namespace':
        return `kubectl delete namespace ${name}`;
      case 'Share':
        return `openstack share delete ${name}`;
    }
  }

  #of(kinds: readonly Kind[]): Item[] {
    return [...this.#items.values()].filter(({ kind }) => kinds.includes(kind));
  }

  /** Looks whether it is still there, and in which state. */
  async #look(item: Item, signal: AbortSignal): Promise<void> {
    const state = await this.#stateOf(item, signal);
    if (state === undefined) this.#items.delete(`${item.kind} ${item.name}`);
    else item.state = state;
  }

  async #stateOf({ kind, name }: Item, signal: AbortSignal): Promise<string | undefined> {
    if (kind === 'Share') return (await this.#shares?.getShare(name))?.status;
    const object = await this.#kube.get(this.#ref(kind, name), { signal });
    return object && stateOf(object);
  }

  #ref(kind: Kind, name: string): ObjectRef {
    const namespaced = kind === 'Pod' || kind === 'PersistentVolumeClaim';
    return { apiVersion: 'v1', kind, name, ...(namespaced ? { namespace: this.#scope.namespace } : {}) };
  }

  async #list(kind: Kind, signal: AbortSignal): Promise<KubeObject[]> {
    const { namespace, selector } = this.#scope;
    const collection = { apiVersion: 'v1', kind, namespace, labelSelector: selectorText(selector) };
    return (await this.#kube.list(collection, { signal })).items;
  }

  async #delete(kind: Kind, name: string, signal: AbortSignal): Promise<void> {
    await this.#kube.delete(this.#ref(kind, name), { signal });
  }

  async #releaseVolume(pv: string, signal: AbortSignal): Promise<void> {
    const volume = await readVolume(this.#kube, pv, signal);
    if (!volume) return;
    this.expectVolume(volume);
    await this.release(volume, signal);
  }

  /**
   * A claim that goes while its share is being made: the driver finishes first, then takes the volume back. So it is
   * not gone because it is not there yet.
   */
  async #settleUnbound(signal: AbortSignal): Promise<void> {
    if (this.#unbound.size === 0) return;
    const until = this.#clock.now() + SETTLE_MS;
    while (this.#unbound.size > 0 && this.#clock.now() < until) {
      for (const name of this.#unbound) {
        const volume: Volume | undefined = await readVolume(this.#kube, name, signal);
        if (volume) this.expectVolume(volume);
        for (const { id } of this.#shares ? await sharesNamed(this.#shares, name) : []) this.expect('Share', id);
        if (volume) this.#unbound.delete(name);
      }
      await this.#clock.sleep(SLOW_MS, signal);
    }
  }
}

function describe({ kind, name, state }: Item): string {
  return `${kind} ${name}${state === 'present' ? '' : ` (${state})`}`;
}

/** `Terminating, kept by kubernetes.io/pvc-protection`, `Released`. */
function stateOf({ metadata, status }: KubeObject): string {
  const { phase, message } = (status ?? {}) as { phase?: string; message?: string };
  const kept = metadata.finalizers?.length ? `, kept by ${metadata.finalizers.join(' and ')}` : '';
  const words = metadata.deletionTimestamp === undefined ? (phase ?? 'present') : `Terminating${kept}`;
  return message ? `${words}: ${message}` : words;
}
