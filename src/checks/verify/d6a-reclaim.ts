import { formatDuration } from '../../core/duration.ts';
import { deadlineIn } from '../deadline.ts';
import type { VerifyEnv } from '../env.ts';
import type { Check, Measurement, Outcome, Running } from '../types.ts';
import { isForbidden } from '../volume.ts';

/** A pod whose volume cannot be unmounted stays; kubelets give up on that after minutes, if ever. */
const SLOW_UNMOUNT_MS = 60_000;

/** Pods, claim and volume go away when they are deleted. It is the run's clean-up too, so it comes last. */
export const reclaim: Check<VerifyEnv> = {
  id: 'D6a',
  title: 'pods, claim and volume are deleted',
  tier: 'T1',
  proves: 'the volume is unmounted and deleted with its claim',
  needs: ['A1'],
  deadlineMs: ({ options }) => 2 * options.timeoutMs + 30_000,
  async run(env, running) {
    if (env.options.keep) return { status: 'SKIP', code: 'kept', summary: 'everything is kept (--keep)' };
    const { remains, clock } = env;
    const startedAt = clock.now();
    if (env.facts.volume) await remains.release(env.facts.volume, running.signal);
    await remains.deletePods(running.signal);
    // Empty or not, a namespace goes 5 s after it was asked to at the earliest, so that time passes meanwhile.
    await remains.deleteNamespace(running.signal);
    const pods = await goneInTime(env, running, ['Pod']);
    if (pods) return pods;
    const unmountedAt = clock.now();
    await remains.deleteClaims(running.signal);
    const volume = await goneInTime(env, running, ['PersistentVolumeClaim', 'PersistentVolume']);
    if (volume) return volume;
    const endedAt = clock.now();
    return verdict(env, unmountedAt - startedAt, endedAt - unmountedAt);
  },
};

/** The outcome where something is still there when the time is up, or may not be looked at. */
async function goneInTime(
  { remains, clock, options }: VerifyEnv,
  { signal, progress }: Running,
  kinds: ('Pod' | 'PersistentVolumeClaim' | 'PersistentVolume')[],
): Promise<Outcome | undefined> {
  using deadline = deadlineIn(clock, options.timeoutMs, signal);
  try {
    await remains.gone(kinds, deadline.signal, progress);
    return undefined;
  } catch (error) {
    if (isForbidden(error)) {
      const summary = 'this user may not see PersistentVolumes, so it is not known whether the volume is gone';
      return { status: 'SKIP', code: 'forbidden', summary };
    }
    if (!deadline.passed || signal.aborted) throw error;
    const left = remains.leftovers().filter(({ kind }) => (kinds as string[]).includes(kind));
    return {
      status: 'FAIL',
      code: 'not-deleted',
      summary: `not gone after ${formatDuration(options.timeoutMs)}: ${left.map(({ kind, name, state }) => `${kind} ${name} (${state})`).join(', ')}`,
      remedy: left.some(({ kind }) => kind === 'Pod')
        ? 'a node does not unmount the volume: see whether it still reaches the share’s server'
        : 'see the log of the driver’s controller: `manila-rwx status`',
    };
  }
}

function verdict({ facts }: VerifyEnv, unmountMs: number, deleteMs: number): Outcome {
  const measurements: Measurement[] = [
    { name: 'pods-gone', value: unmountMs, unit: 'ms' },
    { name: 'volume-gone', value: deleteMs, unit: 'ms' },
  ];
  const times = `pods gone in ${formatDuration(unmountMs)}, claim and volume in ${formatDuration(deleteMs)}`;
  if (unmountMs > SLOW_UNMOUNT_MS) {
    return {
      status: 'WARN',
      code: 'slow-unmount',
      summary: times,
      remedy: 'unmounting should take seconds: see whether the nodes still reach the share’s server',
      measurements,
    };
  }
  const retained = facts.volume?.retained ? '; the class retains volumes, this one was set to be deleted' : '';
  return { status: 'PASS', summary: `${times}${retained}`, measurements };
}
