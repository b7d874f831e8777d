import type { Context } from '../core/context.ts';
import { usageError } from '../core/errors.ts';
import type { KubeClient, KubeObject } from '../kube/types.ts';
import { isRunning, Journal, type RunRecord } from './journal.ts';
import { EXPIRES_ANNOTATION, namesOf, RUN_LABEL } from './names.ts';
import { type Leftover, Remains } from './remains.ts';
import { cleanUp, DEFAULT_TIMEOUT_MS } from './run.ts';
import { isForbidden, type Shares } from './volume.ts';

/** The result of `verify --cleanup-only`. */
export interface VerifyCleanup {
  /** The runs that were found, in the cluster or in the journal of this machine. */
  runs: CleanedRun[];
  /** What should be gone and was not seen to be, of all runs. */
  leftovers: Leftover[];
}

export interface CleanedRun {
  /** Id of the run. */
  run: string;
  namespace: string;
  /** `running`: its process is at work, or it has not expired; it was left alone. */
  state: 'removed' | 'left-behind' | 'running';
  /** ISO 8601: when it is over for certain. */
  expires: string;
}

interface FoundRun {
  run: string;
  namespace: string;
  ownNamespace: boolean;
  expires: string;
  record?: RunRecord;
}

/**
 * Removes what runs left that were killed: all that are over, by the journal of this machine and by the labels in the
 * cluster, or the one that is named, whatever its state.
 * @throws CliError `usage` (exit 2) where the named run is not found.
 */
export async function cleanUpRuns(
  ctx: Context,
  kube: KubeClient,
  shares: Shares | undefined,
  named: string | undefined,
): Promise<VerifyCleanup> {
  const journal = new Journal(ctx);
  const found = await findRuns(ctx, kube, await journal.list());
  if (named !== undefined && !found.some(({ run }) => run === named)) {
    throw usageError(
      `there is nothing of a run ${JSON.stringify(named)}, neither in the cluster nor in ${journal.folder}`,
      {
        remedy:
          found.length > 0 ? `known runs: ${found.map(({ run }) => run).join(', ')}` : 'there is nothing to clean up',
      },
    );
  }
  const result: VerifyCleanup = { runs: [], leftovers: [] };
  for (const one of found.filter(({ run }) => named === undefined || run === named)) {
    const { run, namespace, expires } = one;
    if (named === undefined && atWork(one, ctx.clock.now())) {
      result.runs.push({ run, namespace, expires, state: 'running' });
      continue;
    }
    const leftovers = await removeRun(ctx, kube, shares, one);
    if (leftovers.length === 0) await journal.remove(run);
    result.leftovers.push(...leftovers);
    result.runs.push({ run, namespace, expires, state: leftovers.length === 0 ? 'removed' : 'left-behind' });
  }
  return result;
}

/** Of a run that only the cluster knows, this machine can go by its expiry alone. */
function atWork({ record, expires }: FoundRun, now: number): boolean {
  return record ? isRunning(record, now) : now < Date.parse(expires);
}

async function removeRun(ctx: Context, kube: KubeClient, shares: Shares | undefined, found: FoundRun) {
  const { run, namespace, ownNamespace, record } = found;
  const { selector } = namesOf(run, namespace, 0);
  const remains = new Remains(kube, ctx.clock, { run, namespace, ownNamespace, selector }, shares);
  if (ownNamespace) remains.expect('Namespace', namespace);
  else remains.expect('PersistentVolumeClaim', namesOf(run, namespace, 0).claim);
  for (const volume of record?.volumes ?? []) remains.expectVolume(volume);
  await cleanUp(ctx, remains, ctx.global.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  return remains.leftovers();
}

async function findRuns(ctx: Context, kube: KubeClient, records: readonly RunRecord[]): Promise<FoundRun[]> {
  const runs = new Map<string, FoundRun>();
  for (const record of records.filter(({ server }) => server === kube.server))
    runs.set(record.run, { ...record, record });
  const inNamespace = ctx.global.namespace === undefined ? {} : { namespace: ctx.global.namespace };
  const [namespaces, claims, pods] = await Promise.all([
    labelled(ctx, kube, 'Namespace', {}),
    labelled(ctx, kube, 'PersistentVolumeClaim', inNamespace),
    labelled(ctx, kube, 'Pod', inNamespace),
  ]);
  for (const object of [...namespaces, ...claims, ...pods]) {
    const { labels, annotations, name, namespace } = object.metadata;
    const run = labels?.[RUN_LABEL];
    if (run === undefined || runs.has(run)) continue;
    runs.set(run, {
      run,
      namespace: namespace ?? name,
      ownNamespace: object.kind === 'Namespace',
      expires: annotations?.[EXPIRES_ANNOTATION] ?? '',
    });
  }
  return [...runs.values()];
}

/** Who may not list everywhere still cleans up what the journal knows. */
async function labelled(ctx: Context, kube: KubeClient, kind: string, where: object): Promise<KubeObject[]> {
  const labelSelector = `${RUN_LABEL},app.kubernetes.io/component=verify`;
  try {
    return (await kube.list({ apiVersion: 'v1', kind, labelSelector, ...where }, { signal: ctx.signal })).items;
  } catch (error) {
    if (isForbidden(error)) return [];
    throw error;
  }
}
