import type { Clock } from '../core/clock.ts';
import type { Collection, KubeClient, KubeObject } from '../kube/types.ts';

export interface Claim extends KubeObject {
  spec: { volumeName?: string; storageClassName?: string; accessModes?: string[] };
  status?: { phase?: string; capacity?: { storage?: string }; accessModes?: string[] };
}

export interface Pod extends KubeObject {
  spec: { nodeName?: string };
  status?: {
    phase?: string;
    reason?: string;
    message?: string;
    conditions?: { type: string; status: string; reason?: string; message?: string; lastTransitionTime?: string }[];
    containerStatuses?: {
      image?: string;
      imageID?: string;
      state?: { waiting?: { reason?: string; message?: string }; terminated?: { exitCode: number; reason?: string } };
    }[];
  };
}

/** An event as it is read here, from either of its two API forms. */
export interface Event {
  /** Kind and name of the object that it is about. */
  kind: string;
  name: string;
  type: string;
  reason: string;
  message: string;
  /** How often it happened. */
  count: number;
  /** Milliseconds since the epoch, by the cluster's clocks. */
  firstAt: number;
  lastAt: number;
  /** By the clock of this program: when it was first seen here. */
  seenAt: number;
}

/**
 * The cluster's side of one run, kept up to date by watches: the claim, the pods and the events about them. Waits
 * end at the moment when something changes.
 */
export class Observed {
  readonly pods = new Map<string, Pod>();
  readonly claims = new Map<string, Claim>();
  readonly #events = new Map<string, Event>();
  readonly #clock: Clock;
  readonly #stop = new AbortController();
  readonly #failures: unknown[] = [];
  #changed = deferred();

  constructor(kube: KubeClient, clock: Clock, scope: { namespace: string; labelSelector: string }) {
    this.#clock = clock;
    const { namespace, labelSelector } = scope;
    const v1 = (kind: string): Collection => ({ apiVersion: 'v1', kind, namespace });
    this.#follow(kube, { ...v1('Pod'), labelSelector }, this.pods);
    this.#follow(kube, { ...v1('PersistentVolumeClaim'), labelSelector }, this.claims);
    // Without the right to see events a run works too; it only knows fewer reasons.
    void this.#read(kube, v1('Event'), (type, object) => {
      const { name } = object.metadata;
      const seenAt = this.#events.get(name)?.seenAt ?? clock.now();
      if (type !== 'DELETED') this.#events.set(name, eventOf(object, seenAt));
    }).catch(() => undefined);
  }

  /** What was said about an object, oldest first. */
  eventsOf(kind: string, name: string): Event[] {
    return [...this.#events.values()]
      .filter((event) => event.kind === kind && event.name === name)
      .sort((a, b) => a.lastAt - b.lastAt);
  }

  /**
   * Looks now and after every change, and at least each second, until `look` returns a value.
   * @returns undefined when the time ran out.
   * @throws the signal's reason; what made a watch fail for good.
   */
  async until<T>(
    look: () => T | undefined | Promise<T | undefined>,
    { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
  ): Promise<T | undefined> {
    const deadline = this.#clock.now() + timeoutMs;
    for (;;) {
      signal.throwIfAborted();
      const changed = this.#changed.promise;
      if (this.#failures.length > 0) throw this.#failures[0];
      const found = await look();
      if (found !== undefined) return found;
      const left = deadline - this.#clock.now();
      if (left <= 0) return undefined;
      const done = new AbortController();
      const pause = this.#clock.sleep(Math.min(1000, left), AbortSignal.any([signal, done.signal]));
      pause.catch(() => undefined);
      await Promise.race([changed, pause]).finally(() => done.abort());
    }
  }

  close(): void {
    this.#stop.abort();
  }

  #follow<T extends KubeObject>(kube: KubeClient, collection: Collection, into: Map<string, T>): void {
    this.#read(kube, collection, (type, object) => {
      if (type === 'DELETED') into.delete(object.metadata.name);
      else into.set(object.metadata.name, object as T);
    }).catch((error: unknown) => {
      this.#failures.push(error);
      this.#notify();
    });
  }

  async #read(kube: KubeClient, collection: Collection, take: (type: string, object: KubeObject) => void) {
    for await (const { type, object } of kube.watch(collection, this.#stop.signal)) {
      take(type, object);
      this.#notify();
    }
  }

  #notify(): void {
    this.#changed.resolve();
    this.#changed = deferred();
  }
}

interface RawEvent extends KubeObject {
  involvedObject?: { kind?: string; name?: string };
  type?: string;
  reason?: string;
  message?: string;
  count?: number;
  firstTimestamp?: string | null;
  lastTimestamp?: string | null;
  eventTime?: string | null;
  series?: { count?: number; lastObservedTime?: string };
}

/** Kubelet and provisioner write the older form with count and timestamps, the scheduler the newer one with a series. */
function eventOf(object: KubeObject, seenAt: number): Event {
  const { involvedObject, type = '', reason = '', message = '', series, count = 1, metadata } = object as RawEvent;
  const { firstTimestamp, lastTimestamp, eventTime } = object as RawEvent;
  const firstAt = timeOf(firstTimestamp ?? eventTime ?? metadata.creationTimestamp);
  return {
    kind: involvedObject?.kind ?? '',
    name: involvedObject?.name ?? '',
    type,
    reason,
    message,
    count: series?.count ?? count,
    firstAt,
    lastAt: timeOf(series?.lastObservedTime ?? lastTimestamp) || firstAt,
    seenAt,
  };
}

function timeOf(text: string | null | undefined): number {
  return Date.parse(text ?? '') || 0;
}

/**
 * Events of one reason and message as one, with the sum of their counts: the API server merges only those that are
 * the same to the letter, and Manila's answers carry the id of the request.
 */
export function merged(events: readonly Event[]): Event[] {
  const groups = new Map<string, Event>();
  for (const event of events) {
    const key = `${event.reason} ${event.message.replaceAll(/req-[0-9a-f-]{36}/g, '')}`;
    const group = groups.get(key);
    groups.set(key, {
      ...event,
      count: event.count + (group?.count ?? 0),
      firstAt: Math.min(event.firstAt, group?.firstAt ?? Infinity),
      lastAt: Math.max(event.lastAt, group?.lastAt ?? 0),
    });
  }
  return [...groups.values()];
}

/** `FailedMount (5x): MountVolume.SetUp failed ...`, on one line. */
export function eventText({ reason, count, message }: Event): string {
  return `${reason}${count > 1 ? ` (${count}x)` : ''}: ${message.replaceAll(/\s*\n\s*/g, ' ').trim()}`;
}

/** Promise.withResolvers, which Node 20 has not. */
function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}
