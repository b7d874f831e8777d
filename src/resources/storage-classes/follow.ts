import { mapLimit } from '../../core/concurrency.ts';
import type { Context } from '../../core/context.ts';
import { CliError, messageOf } from '../../core/errors.ts';
import type { Metrics } from '../../core/metrics.ts';
import type { LoadedConfig } from '../../config/types.ts';
import { writeEvent } from '../../kube/events.ts';
import type { KubeClient } from '../../kube/types.ts';
import { OpenStackError } from '../../openstack/errors.ts';
import type { Change, Planned } from '../../reconcile/change.ts';
import { describeChange } from '../../reconcile/describe.ts';
import { STORAGE_CLASS } from './class.ts';
import { type ClassOp, performClass } from './class-change.ts';
import { type Clouds, type CloudWorld, readCloud } from './cloud-world.ts';
import { type ClusterWorld, readCluster } from './observe.ts';
import type { ClassRules } from './plan.ts';
import { classRules, refuseWhatCannotBe, type SyncOptions } from './rules.ts';
import { planObserved, readingOf } from './sync.ts';

export interface FollowOptions extends SyncOptions {
  /** Milliseconds between two looks at Manila; each pause is up to a tenth shorter or longer. */
  intervalMs: number;
  /** Make changes that a person would be asked about. */
  yes: boolean;
}

/** How the follower is doing, for probes. */
export interface Following {
  /** When a round last went well, in ms since the epoch. */
  succeededAt: number | undefined;
}

/** What else is done each round, after the classes: the access rules of existing shares. */
export type EachRound = (signal: AbortSignal, cluster: ClusterWorld) => Promise<void>;

const COMPONENT = 'manila-rwx-sync';
const CONCURRENCY = 24;
/** Events that come together make one round. */
const SETTLE_MS = 300;
/** The first pause after a failure; it doubles up to the interval. */
const FAILURE_PAUSE_MS = 2_000;
const REASONS: Readonly<Record<Change['action'], string>> = {
  create: 'Created',
  update: 'Updated',
  replace: 'Replaced',
  delete: 'Deleted',
  none: 'Unchanged',
};

/** The metrics of a follower. */
export function declareMetrics(metrics: Metrics): void {
  metrics.declare('manila_rwx_sync_rounds_total', 'counter', 'Rounds by result.', null);
  metrics.declare('manila_rwx_sync_changes_total', 'counter', 'Changes made, by kind and action.', null);
  metrics.declare('manila_rwx_sync_last_success_timestamp_seconds', 'gauge', 'When a round last went well.');
  metrics.declare('manila_rwx_sync_round_seconds', 'gauge', 'Length of the last round.');
  metrics.declare('manila_rwx_sync_share_types', 'gauge', 'Share types, with and without a class.', null);
  metrics.declare('manila_rwx_sync_withheld_changes', 'gauge', 'Changes that wait for somebody to confirm them.');
  metrics.declare('manila_rwx_sync_name_conflicts', 'gauge', 'Classes of others that have a name which is needed.');
  metrics.declare('manila_rwx_sync_leader', 'gauge', 'Does this process hold the Lease?');
}

/**
 * Keeps classes in step with their share types until the signal is aborted: at once when a class changes, within the
 * interval when a share type does. What would replace or delete something is only said, unless `yes` allows it.
 *
 * @throws CliError of the first round where the file or the flags are wrong; whatever goes wrong later is told and tried
 *   again. A login that Keystone refuses ends it: in a pod, the next start has the credential as it is by then.
 */
export async function followStorageClasses(
  ctx: Context,
  kube: KubeClient,
  clouds: Clouds,
  loaded: LoadedConfig,
  options: FollowOptions & { signal: AbortSignal; metrics: Metrics; state: Following; eachRound?: EachRound },
): Promise<void> {
  const follower = new Follower(ctx, kube, clouds, loaded, options);
  const done = new AbortController();
  const signal = AbortSignal.any([options.signal, done.signal]);
  try {
    await Promise.all([
      follower.run(signal).finally(() => done.abort()),
      follower.watch(STORAGE_CLASS, signal),
      follower.watch({ apiVersion: 'v1', kind: 'Node' }, signal, loaded.config.storageClasses.shareClients === 'nodes'),
    ]);
  } finally {
    done.abort();
  }
}

class Follower {
  readonly #ctx: Context;
  readonly #kube: KubeClient;
  readonly #clouds: Clouds;
  readonly #loaded: LoadedConfig;
  readonly #options: Parameters<typeof followStorageClasses>[4];
  readonly #rules: ClassRules;
  /** What Manila said last. */
  #cloud: { world: CloudWorld; until: number } | undefined;
  #wake: (() => void) | undefined;
  #moved = false;
  #failures = 0;
  #said = new Set<string>();

  constructor(
    ctx: Context,
    kube: KubeClient,
    clouds: Clouds,
    loaded: LoadedConfig,
    options: Parameters<typeof followStorageClasses>[4],
  ) {
    this.#ctx = ctx;
    this.#kube = kube;
    this.#clouds = clouds;
    this.#loaded = loaded;
    this.#options = options;
    this.#rules = classRules(ctx, loaded, options);
  }

  /** Wakes the rounds when an object of this kind changes. */
  async watch(kind: { apiVersion: string; kind: string }, signal: AbortSignal, wanted = true): Promise<void> {
    if (!wanted) return;
    for (;;) {
      try {
        for await (const { object } of this.#kube.watch(kind, signal)) {
          // Nodes report every few seconds; only their addresses matter, and those do not change.
          if (kind.kind === 'Node' && this.#seenNodes.has(object.metadata.uid ?? '')) continue;
          this.#seenNodes.add(object.metadata.uid ?? '');
          this.#moved = true;
          this.#wake?.();
        }
      } catch (error) {
        if (signal.aborted) return;
        this.#ctx.io.note(`watching ${kind.kind}: ${messageOf(error)}`);
        await this.#ctx.clock.sleep(FAILURE_PAUSE_MS, signal).catch(() => undefined);
      }
    }
  }
  readonly #seenNodes = new Set<string>();

  async run(signal: AbortSignal): Promise<void> {
    for (let first = true; ; first = false) {
      signal.throwIfAborted();
      this.#moved = false;
      const startedAt = this.#ctx.clock.now();
      try {
        await this.#round(signal, first);
        this.#failures = 0;
        this.#options.state.succeededAt = this.#ctx.clock.now();
        this.#options.metrics.add('manila_rwx_sync_rounds_total', { result: 'ok' });
        this.#options.metrics.set('manila_rwx_sync_last_success_timestamp_seconds', this.#ctx.clock.now() / 1000);
      } catch (error) {
        if (signal.aborted || isFinal(error, first)) throw error;
        this.#failures++;
        this.#cloud = undefined;
        this.#options.metrics.add('manila_rwx_sync_rounds_total', { result: 'failed' });
        this.#ctx.io.note(`not ok: ${messageOf(error)}`);
      }
      this.#options.metrics.set('manila_rwx_sync_round_seconds', (this.#ctx.clock.now() - startedAt) / 1000);
      await this.#pause(signal);
    }
  }

  /** Until Manila is due, a class has changed, or the pause after a failure is over. */
  async #pause(signal: AbortSignal): Promise<void> {
    const { intervalMs } = this.#options;
    const now = this.#ctx.clock.now();
    const ms =
      this.#failures > 0
        ? Math.min(intervalMs, FAILURE_PAUSE_MS * 2 ** (this.#failures - 1))
        : Math.max(0, (this.#cloud?.until ?? now) - now);
    const woken = new AbortController();
    this.#wake = () => woken.abort();
    if (!this.#moved || this.#failures > 0) {
      await this.#ctx.clock.sleep(ms, AbortSignal.any([signal, woken.signal])).catch(() => undefined);
    }
    this.#wake = undefined;
    if (this.#moved) await this.#ctx.clock.sleep(SETTLE_MS, signal);
    signal.throwIfAborted();
  }

  async #round(signal: AbortSignal, first: boolean): Promise<void> {
    const [cloud, cluster] = await Promise.all([
      this.#readCloud(),
      readCluster(this.#kube, { ...readingOf(this.#rules), secret: false }, signal),
    ]);
    const observed = { ...cluster, ...cloud, neutronClients: undefined };
    const plan = planObserved(observed, this.#rules);
    try {
      refuseWhatCannotBe(plan, observed, this.#rules, this.#loaded);
    } catch (error) {
      if (first) throw error;
      this.#once(messageOf(error));
    }
    for (const text of [...plan.warnings, ...plan.notes]) this.#once(text);
    for (const { kind, storageClass, owner } of plan.notOurs) {
      this.#once(`${kind} ${storageClass} has a name that is needed and is not managed by manila-rwx: ${owner}`);
    }
    const todo = plan.planned.filter(({ change }) => change.action !== 'none');
    const allowed = todo.filter((one) => this.#isAllowed(one));
    const withheld = todo.filter((one) => !allowed.includes(one));
    const { metrics } = this.#options;
    metrics.set('manila_rwx_sync_withheld_changes', withheld.length);
    metrics.set('manila_rwx_sync_name_conflicts', plan.notOurs.length);
    const without = new Set(plan.withoutClass.map(({ shareTypeId }) => shareTypeId)).size;
    metrics.set('manila_rwx_sync_share_types', without, { class: 'no' });
    metrics.set('manila_rwx_sync_share_types', cloud.types.length - without, { class: 'yes' });
    for (const one of withheld) {
      const text = `${describeChange(one.change)}; waits for \`manila-rwx storageclass sync\` to confirm it`;
      if (this.#once(text)) await this.#tell(one, 'Warning', 'ChangeWithheld', text);
    }
    await mapLimit(allowed, CONCURRENCY, (one) => this.#perform(one, signal));
    await this.#options.eachRound?.(signal, cluster);
  }

  async #readCloud(): Promise<CloudWorld> {
    const now = this.#ctx.clock.now();
    if (this.#cloud && now < this.#cloud.until) return this.#cloud.world;
    const world = await readCloud(this.#ctx, this.#clouds, this.#rules.tenants);
    const jitter = 0.9 + Math.random() * 0.2;
    this.#cloud = { world, until: now + this.#options.intervalMs * jitter };
    return world;
  }

  /** A class that lists nodes follows them: that is what `shareClients: nodes` asks for. */
  #isAllowed({ change }: Planned<ClassOp>): boolean {
    if (!change.destructive || this.#options.yes) return true;
    return (
      this.#rules.shareClients === 'nodes' &&
      change.action === 'replace' &&
      change.fields.every(({ path }) => path === 'parameters.nfs-shareClient')
    );
  }

  async #perform(one: Planned<ClassOp>, signal: AbortSignal): Promise<void> {
    const done = await performClass(this.#kube, one, { dryRun: false, signal });
    if (done.action === 'none') return;
    this.#options.metrics.add('manila_rwx_sync_changes_total', { kind: done.kind, action: done.action });
    this.#ctx.io.note(describeChange(done));
    await this.#tell(one, 'Normal', REASONS[done.action], describeChange(done));
  }

  async #tell({ op }: Planned<ClassOp>, type: 'Normal' | 'Warning', reason: string, message: string): Promise<void> {
    if (op.do === 'nothing') return;
    const { apiVersion, kind, metadata } = op.do === 'create' ? op.object : op.live;
    const about = { apiVersion, kind, name: metadata.name, uid: metadata.uid };
    await writeEvent(this.#ctx, this.#kube, COMPONENT, { about, type, reason, message });
  }

  /** Says it, unless it was said. Returns whether it was new. */
  #once(text: string): boolean {
    if (this.#said.has(text)) return false;
    this.#said.add(text);
    this.#ctx.io.note(text);
    return true;
  }
}

/** What does not pass: a mistake in the file or the flags, told by the first round, and a login that is refused. */
function isFinal(error: unknown, first: boolean): boolean {
  if (error instanceof OpenStackError && error.status === 401) return true;
  return first && error instanceof CliError && error.exitCode === 2;
}
