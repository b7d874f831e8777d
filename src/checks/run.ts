import { hostname } from 'node:os';
import type { Context } from '../core/context.ts';
import { CliError, messageOf, usageError } from '../core/errors.ts';
import type { KubeClient } from '../kube/types.ts';
import { deadlineIn } from './deadline.ts';
import type { Facts, VerifyEnv, VerifyOptions } from './env.ts';
import { Journal, type RunRecord } from './journal.ts';
import { LiveChecks } from './live.ts';
import { namesOf, newRunId, type RunNames, selectorText } from './names.ts';
import { type NodePlan, type NodeWish, planNodes } from './nodes.ts';
import { Observed } from './observed.ts';
import { VERIFY_CHECKS } from './registry.ts';
import { Remains } from './remains.ts';
import { countsOf, proofs, summaryOf, type VerifyReport, type VerifyTimings, verdictOf } from './report.ts';
import { type Finished, runChecks } from './runner.ts';
import { selectChecks, type Selection } from './selection.ts';
import { chooseStorageClass, type StorageClass } from './storage-class.ts';
import type { Shares } from './volume.ts';

export interface VerifyInput {
  /** Name; chosen among the classes of Manila's drivers where it is not given. */
  storageClass?: string | undefined;
  nodes?: NodeWish | undefined;
  requireNodes: number;
  size: string;
  image: string;
  /** User of the pods; 1000 unless told, or the cluster's own choice on OpenShift. */
  runAs?: number | undefined;
  expectFstype?: string | undefined;
  selection: Selection;
  keep: boolean;
}

/** Claim, mount and volume deletion each get this long, as Kubernetes' own storage tests do. */
export const DEFAULT_TIMEOUT_MS = 5 * 60_000;
const DEFAULT_USER = 1000;

/**
 * One run: looks, creates, checks, removes. Whatever happens after the first object was created, everything is removed
 * again (unless `keep`), under a deadline of its own; a second Ctrl-C ends that too.
 *
 * @param manila Manila, or in words why it is not asked; a login that fails ends the run before it begins.
 * @throws CliError for what is wrong before the run begins (exit 2 or 3).
 */
export async function runVerify(
  ctx: Context,
  kube: KubeClient,
  manila: Promise<Shares | string>,
  input: VerifyInput,
): Promise<VerifyReport> {
  const { clock } = ctx;
  const startedAt = clock.now();
  const checks = selectChecks(VERIFY_CHECKS, input.selection);
  const timeoutMs = ctx.global.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const [found, shares] = await Promise.all([look(ctx, kube, input), manila]);
  // Claim, pods, deletion and clean-up may each take that long.
  const lifeMs = 4 * timeoutMs + 10 * 60_000;
  const names = namesOf(newRunId(), ctx.global.namespace, startedAt + lifeMs);
  const journal = new Journal(ctx);
  const record = recordOf(names, kube.server, startedAt, startedAt + lifeMs);
  const remains = new Remains(kube, clock, { ...names }, typeof shares === 'string' ? undefined : shares);
  let observed: Observed | undefined;
  const facts: Facts = { pods: [], mountedOn: [] };
  const env: VerifyEnv = {
    kube,
    clock,
    options: optionsOf(input, timeoutMs, lifeMs, found.openshift),
    names,
    plan: found.plan,
    storageClass: found.storageClass,
    observed: () => (observed ??= new Observed(kube, clock, scopeOf(names))),
    remains,
    shares,
    facts,
    recordVolume: async (volume) => {
      record.volumes.push(volume);
      await journal.write(record);
    },
  };
  await journal.write(record);
  const checksAt = clock.now();
  const finished = await runChecks({
    checks,
    env,
    nodeCount: () => facts.pods.length,
    clock,
    signal: ctx.signal,
    observer: new LiveChecks(ctx),
  });
  const cleanUpAt = clock.now();
  if (!input.keep) await cleanUp(ctx, remains, timeoutMs);
  observed?.close();
  const leftovers = input.keep ? [] : remains.leftovers();
  if (leftovers.length === 0 && !input.keep) await journal.remove(names.run);
  const timings = timingsOf(finished, { startedAt, checksAt, cleanUpAt, endedAt: clock.now() });
  return reportOf(env, kube, finished, { leftovers, timings, startedAt, interrupted: ctx.signal.aborted });
}

interface Found {
  plan: NodePlan;
  storageClass: StorageClass;
  openshift: boolean;
}

/** What must be known before anything is created. Reads only. */
async function look(ctx: Context, kube: KubeClient, input: VerifyInput): Promise<Found> {
  const { signal } = ctx;
  const { namespace } = ctx.global;
  const [classes, nodes, groups, existing] = await Promise.all([
    kube.list<StorageClass>({ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass' }, { signal }),
    kube.list({ apiVersion: 'v1', kind: 'Node' }, { signal }),
    kube.raw('/apis', { signal }),
    namespace === undefined
      ? undefined
      : kube.get({ apiVersion: 'v1', kind: 'Namespace', name: namespace }, { signal }),
  ]);
  if (namespace !== undefined && !existing) {
    throw usageError(`there is no namespace ${JSON.stringify(namespace)}`, {
      remedy: `make it (kubectl create namespace ${namespace}), or leave -n out: the run then makes its own`,
    });
  }
  return {
    plan: planNodes(nodes.items, input.nodes, input.requireNodes),
    storageClass: chooseStorageClass(classes.items, input.storageClass),
    openshift: JSON.stringify(groups).includes('"security.openshift.io"'),
  };
}

function optionsOf(input: VerifyInput, timeoutMs: number, lifeMs: number, openshift: boolean): VerifyOptions {
  return {
    size: input.size,
    requireNodes: Math.max(input.requireNodes, askedNodes(input.nodes)),
    timeoutMs,
    ...(input.expectFstype === undefined ? {} : { expectFstype: input.expectFstype }),
    keep: input.keep,
    pod: {
      image: input.image,
      runAs: input.runAs ?? (openshift ? undefined : DEFAULT_USER),
      lifeSeconds: Math.ceil(lifeMs / 1000),
    },
  };
}

/** Who names nodes or a number of them wants no fewer. */
function askedNodes(wish: NodeWish | undefined): number {
  if (wish?.kind === 'list') return wish.names.length;
  return wish?.kind === 'count' ? wish.count : 0;
}

function scopeOf({ namespace, selector }: RunNames): { namespace: string; labelSelector: string } {
  return { namespace, labelSelector: selectorText(selector) };
}

function recordOf(names: RunNames, server: string, startedAt: number, expires: number): RunRecord {
  return {
    version: 1,
    run: names.run,
    server,
    namespace: names.namespace,
    ownNamespace: names.ownNamespace,
    volumes: [],
    pid: process.pid,
    host: hostname(),
    startedAt: new Date(startedAt).toISOString(),
    expires: new Date(expires).toISOString(),
  };
}

/** Removes what is left of a run, also after Ctrl-C, which must not stop it. What stays is in `remains.leftovers()`. */
export async function cleanUp(ctx: Context, remains: Remains, timeoutMs: number): Promise<void> {
  if (remains.leftovers().length === 0) return;
  const progress = await ctx.io.progress('removing what the run made');
  using deadline = deadlineIn(ctx.clock, timeoutMs, ctx.hardSignal);
  for (;;) {
    try {
      await remains.removeAll(deadline.signal, (text) => progress.update(text));
      progress.succeed('everything that the run made is gone');
      return;
    } catch (error) {
      const left = `${remains.leftovers().length} things are left`;
      if (deadline.signal.aborted || isFinal(error)) {
        progress.fail(deadline.signal.aborted ? left : `${left}: ${messageOf(error)}`);
        return;
      }
      progress.update(`${left}, trying again: ${messageOf(error)}`);
      await ctx.clock.sleep(RETRY_MS, deadline.signal).catch(() => undefined);
    }
  }
}

/** Between tries to reach a service that is not there at the moment. */
const RETRY_MS = 2000;

/** A right that is missing does not come by itself; a service that is away comes back. */
function isFinal(error: unknown): boolean {
  return !(error instanceof CliError) || /forbidden|unauthorized/.test(error.code);
}

const WAITS = ['P0', 'A1', 'A3', 'D6a', 'D6b'];

function timingsOf(
  finished: readonly Finished[],
  at: { startedAt: number; checksAt: number; cleanUpAt: number; endedAt: number },
): VerifyTimings {
  const ms = (...ids: string[]): number =>
    finished.reduce((sum, { result }) => sum + (ids.includes(result.id) ? result.durationMs : 0), 0);
  return {
    prepareMs: at.checksAt - at.startedAt,
    claimMs: ms('A1'),
    podsMs: ms('A3'),
    checksMs: ms(...finished.map(({ result }) => result.id).filter((id) => !WAITS.includes(id))),
    deleteMs: ms('D6a', 'D6b'),
    cleanUpMs: at.endedAt - at.cleanUpAt,
    totalMs: at.endedAt - at.startedAt,
  };
}

function reportOf(
  env: VerifyEnv,
  kube: KubeClient,
  finished: readonly Finished[],
  rest: Pick<VerifyReport, 'leftovers' | 'timings'> & { startedAt: number; interrupted: boolean },
): VerifyReport {
  const checks = finished.map(({ result }) => result);
  const { volume } = env.facts;
  const report = {
    run: env.names.run,
    verdict: verdictOf(checks, rest.interrupted),
    summary: '',
    startedAt: new Date(rest.startedAt).toISOString(),
    cluster: { server: kube.server, context: kube.context },
    namespace: env.names.namespace,
    storageClass: { name: env.storageClass.metadata.name, provisioner: env.storageClass.provisioner },
    ...(volume && {
      volume: {
        pv: volume.pv,
        ...(volume.share === undefined ? {} : { share: volume.share }),
        capacity: volume.capacity,
      },
    }),
    image: env.options.pod.image,
    nodes: env.facts.mountedOn,
    skippedNodes: env.plan.skipped,
    checks,
    counts: countsOf(checks),
    ...proofs(VERIFY_CHECKS, finished),
    kept: env.options.keep,
    leftovers: rest.leftovers,
    timings: rest.timings,
  };
  return { ...report, summary: summaryOf(report) };
}
