import { formatDuration } from '../../core/duration.ts';
import type { VerifyEnv } from '../env.ts';
import type { Check, Outcome } from '../types.ts';
import type { Shares } from '../volume.ts';

const LOOK_MS = 500;

/**
 * The driver only asks Manila to delete a share and then lets the volume go. What ends in `error_deleting` after that
 * is seen by nobody in the cluster and eats quota.
 * https://github.com/kubernetes/cloud-provider-openstack/issues/1696
 */
export const shareGone: Check<VerifyEnv> = {
  id: 'D6b',
  title: 'the share is gone from Manila',
  tier: 'T1',
  proves: 'Manila has deleted the share (404)',
  needs: ['D6a'],
  deadlineMs: ({ options }) => options.timeoutMs + 30_000,
  async run({ shares, facts, clock, options, remains }, { signal, progress }) {
    const id = facts.volume?.share;
    const unseen = facts.shareUnseen ?? (typeof shares === 'string' ? shares : undefined);
    if (unseen !== undefined || id === undefined || typeof shares === 'string') {
      const summary = unseen ?? 'the volume’s share is not known';
      return { status: 'SKIP', code: 'no-openstack', summary };
    }
    const startedAt = clock.now();
    const deadline = startedAt + options.timeoutMs;
    for (;;) {
      const share = await shares.getShare(id);
      const waitedMs = clock.now() - startedAt;
      if (!share) {
        await remains.gone(['Share'], signal, progress);
        return {
          status: 'PASS',
          summary: `share ${id} is gone after ${formatDuration(waitedMs)}`,
          measurements: [{ name: 'share-gone', value: waitedMs, unit: 'ms' }],
        };
      }
      if (share.status === 'error_deleting' || clock.now() >= deadline)
        return stuck(shares, id, share.status, waitedMs);
      progress(`waiting for Manila to delete share ${id} (${share.status})`);
      await clock.sleep(LOOK_MS, signal);
    }
  },
};

async function stuck(shares: Shares, id: string, status: string, waitedMs: number): Promise<Outcome> {
  const [message] = await shares.messages({ resourceId: id }).catch(() => []);
  return {
    status: 'FAIL',
    code: 'share-not-deleted',
    summary: `the volume is gone but share ${id} is ${status} after ${formatDuration(waitedMs)}${message ? `: ${message.message}` : ''}`,
    remedy: `see what holds it (snapshots, the back end): openstack share show ${id}; then openstack share delete ${id}`,
  };
}
