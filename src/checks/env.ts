import type { Clock } from '../core/clock.ts';
import type { KubeClient } from '../kube/types.ts';
import { Barrier, type RunPod } from './barrier.ts';
import { findMount, type Mount } from './mounts.ts';
import type { RunNames } from './names.ts';
import type { NodePlan } from './nodes.ts';
import type { Observed } from './observed.ts';
import type { PodOptions } from './pods.ts';
import type { Remains } from './remains.ts';
import type { StorageClass } from './storage-class.ts';
import { type Running, Verdict } from './types.ts';
import type { Shares, Volume } from './volume.ts';

export interface VerifyOptions {
  /** Size of the claim, as Kubernetes writes it. */
  size: string;
  /** Least number of different nodes that must take part. */
  requireNodes: number;
  /** Milliseconds that a single wait may last: until the claim is bound, the pods are ready, the volume is gone. */
  timeoutMs: number;
  /** The file system that the user expects, where it is none of the network file systems that are known here. */
  expectFstype?: string;
  /** Leave everything in place. */
  keep: boolean;
  pod: Omit<PodOptions, 'pinnedTo'>;
}

/** What earlier checks found out for later ones. */
export interface Facts {
  volume?: Volume;
  /** Set once all pods are ready, each on a node of its own. */
  pods: RunPod[];
  /** Nodes whose pod got ready, also where not all of them did. */
  mountedOn: string[];
  mounts?: Promise<Mount[]>;
  /** Why Manila cannot say whether the share is gone, found out while it was there. */
  shareUnseen?: string;
}

/** Everything that a check of `verify` may use. */
export interface VerifyEnv {
  readonly kube: KubeClient;
  readonly clock: Clock;
  readonly options: VerifyOptions;
  readonly names: RunNames;
  readonly plan: NodePlan;
  readonly storageClass: StorageClass;
  /** Begins to watch the run's namespace at the first call; the namespace must exist by then. */
  readonly observed: () => Observed;
  readonly remains: Remains;
  /** Manila, or in words why it is not asked. */
  readonly shares: Shares | string;
  readonly facts: Facts;
  /** Puts what is known about the volume on disk, for a clean-up by somebody else. */
  readonly recordVolume: (volume: { pv: string; share?: string }) => Promise<void>;
}

/** Most checks of T1 are done within seconds; after this time something is wrong with the volume, it is not slow. */
export const IO_DEADLINE_MS = 60_000;

/** Less than a check's deadline, so that there is time to find out what a step hangs in. */
const STEP_MS = 40_000;

/**
 * A shell in every pod; see {@link Barrier.open}. The check's folder is fresh: nobody has looked for it before, so
 * that no cache can lie about it.
 */
export async function openBarrier(
  env: VerifyEnv,
  checkId: string,
  running: Running,
  deadlineMs = IO_DEADLINE_MS,
): Promise<Barrier> {
  const { run } = env.names;
  const folder = `mrwx-${run}/${checkId}`;
  return Barrier.open(
    env.facts.pods,
    { run, folder },
    {
      kube: env.kube,
      clock: env.clock,
      signal: running.signal,
      timeoutMs: deadlineMs,
      stepMs: STEP_MS,
    },
  );
}

/** The volume's mount in each pod, in the order of the pods; read once a run. */
export async function mountsOf(env: VerifyEnv, running: Running): Promise<Mount[]> {
  env.facts.mounts ??= readMounts(env, running);
  try {
    return await env.facts.mounts;
  } catch (error) {
    delete env.facts.mounts;
    throw error;
  }
}

const READ_TABLES =
  'printf "%s\\n" "$MANILA_RWX_MOUNT"; cat "$MANILA_RWX_MOUNTS"; echo "@mountinfo"; cat "$MANILA_RWX_MOUNTINFO"';

async function readMounts({ kube, facts }: VerifyEnv, { signal }: Running): Promise<Mount[]> {
  return Promise.all(
    facts.pods.map(async (pod) => {
      const command = ['sh', '-c', READ_TABLES];
      const { stdout, stderr, exitCode } = await kube.exec(pod, { command, timeoutMs: IO_DEADLINE_MS / 2, signal });
      const [path = '', ...rest] = stdout.split('\n');
      const [mounts = '', mountinfo = ''] = rest.join('\n').split('@mountinfo\n');
      const mount = findMount(path, mounts, mountinfo);
      if (mount) return mount;
      throw new Verdict({
        status: 'FAIL',
        code: 'not-mounted',
        summary: `nothing is mounted at ${path || 'the volume’s path'} in the pod on ${pod.node}`,
        remedy: 'the driver published the volume without mounting it: see the log of its node plugin on that node',
        evidence: [{ node: pod.node, pod: pod.name, command: READ_TABLES, exitCode, output: stderr || mounts }],
      });
    }),
  );
}
