import { evidenceOf, type Reply } from '../barrier.ts';
import { IO_DEADLINE_MS, mountsOf, openBarrier, type VerifyEnv } from '../env.ts';
import type { Check, Outcome } from '../types.ts';
import { listed } from '../words.ts';

/** What programs do to a volume, by a user that is not root, in a folder of the pod's own. */
const STEPS = [
  'mkdir -p "$D-$ME"',
  ': >"$D-$ME/empty"',
  'printf "%s\\n" "$RUN" | dd of="$D-$ME/file" conv=fsync status=none',
  '[ "$(cat "$D-$ME/file")" = "$RUN" ]',
  'chmod 600 "$D-$ME/file"',
  'mv "$D-$ME/file" "$D-$ME/moved"',
  'mkdir "$D-$ME/folder"',
  'rmdir "$D-$ME/folder"',
  'rm "$D-$ME/moved" "$D-$ME/empty"',
];
const WRITE = `out "$(id -u)" "$(stat -c '%u:%g %a' "$M")"; ${STEPS.join(' && ')}`;

/** Nobody repairs ownership where the driver's fsGroupPolicy is None, so the share itself must let users write. */
export const nonRootWrite: Check<VerifyEnv> = {
  id: 'C1',
  title: 'a user without rights writes',
  tier: 'T1',
  proves: 'a process that is not root can create, write, rename and remove files on every node',
  needs: ['A3'],
  deadlineMs: () => IO_DEADLINE_MS,
  async run(env, running) {
    await using barrier = await openBarrier(env, 'C1', running);
    const replies = await barrier.all(WRITE);
    const bad = replies.filter(({ exitCode }) => exitCode !== 0);
    if (bad.length > 0) {
      const mounts = await mountsOf(env, running).catch(() => []);
      const evidence = bad.map((reply) => evidenceOf(reply, mounts[env.facts.pods.indexOf(reply.pod)]?.text));
      return { ...failure(bad), evidence };
    }
    const [uid] = replies[0]?.data[0]?.split(' ') ?? [];
    return { status: 'PASS', summary: `user ${uid} writes on ${listed(replies.map(({ pod }) => pod.node))}` };
  },
};

/** In the words of the kernel, which the shell and its applets print as they are. */
const REASONS: readonly { pattern: RegExp; code: string; remedy: (owner: string, mode: string) => string }[] = [
  {
    pattern: /read-only file system/i,
    code: 'read-only',
    remedy: () => 'the mount is read-only: see the access level of the share’s rules and the class’s mountOptions',
  },
  {
    pattern: /permission denied|operation not permitted/i,
    code: 'permission-denied',
    remedy: (owner, mode) =>
      `the share’s root belongs to ${owner} with mode ${mode}: change it once from a pod that runs as root, or for native CephFS set cephfs_volume_mode = 775 in manila.conf`,
  },
  {
    pattern: /no space left|quota exceeded/i,
    code: 'no-space',
    remedy: () => 'the back end has no room for this share: see its pool in Manila',
  },
];

function failure(bad: readonly Reply[]): Outcome {
  const said = [...new Set(bad.map((reply) => reply.said.split('\n')[0] || `exit code ${reply.exitCode}`))];
  const [, owner = '', mode = ''] = bad[0]?.data[0]?.split(' ') ?? [];
  const reason = REASONS.find(({ pattern }) => bad.some((reply) => pattern.test(reply.said)));
  return {
    status: 'FAIL',
    code: reason?.code ?? 'write-failed',
    summary: `a user that is not root cannot write on ${listed(bad.map(({ pod }) => pod.node))}: ${said.join('; ')}`,
    remedy: reason?.remedy(owner, mode) ?? 'see what the evidence shows, and the log of the share’s server',
  };
}
