import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { VerifyEnv } from '../../../src/checks/env.ts';
import { namesOf } from '../../../src/checks/names.ts';
import type { Check, Outcome } from '../../../src/checks/types.ts';
import { visibility } from '../../../src/checks/verify/b1-visibility.ts';
import { concurrentWriters } from '../../../src/checks/verify/b2-concurrent-writers.ts';
import { closeToOpen } from '../../../src/checks/verify/b3-close-to-open.ts';
import { nonRootWrite } from '../../../src/checks/verify/c1-write.ts';
import { type Clock, systemClock } from '../../../src/core/clock.ts';
import { tempDir } from '../../support/cli.ts';
import { type LocalPod, LocalPods } from '../../support/local-pods.ts';

// Hundreds of small processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000 });

type Fault = Partial<Pick<LocalPod, 'volume' | 'broken'>> & { table?: string };

const LOCAL = '/dev/sdb VOLUME ext4 rw 0 0';

/** Runs the check's own shell lines in processes of this machine, each "node" with its fault. */
async function run(check: Check<VerifyEnv>, faults: Fault[] = [{}, {}], clock: Clock = systemClock): Promise<Outcome> {
  await using dir = await tempDir({ 'shared/.keep': '', 'private/.keep': '' });
  const pods = faults.map(({ volume = 'shared', broken = {}, table = LOCAL }, index): LocalPod => {
    const path = join(dir.path, volume);
    const node = `node${index + 1}`;
    const mounts = table.replace('VOLUME', path);
    return {
      name: node,
      namespace: 'test',
      node,
      volume: path,
      broken,
      mounts,
      mountinfo: `1 0 8:1 /${volume} ${path}`,
    };
  });
  using local = new LocalPods(pods);
  const names = namesOf('run1', 'test', 0);
  const env = { kube: local, clock, names, facts: { pods: local.pods, mountedOn: [] } } as unknown as VerifyEnv;
  const signal = new AbortController().signal;
  return await check.run(env, { signal, progress: () => undefined });
}

/** Time that passes 20 times faster wherever a check pauses. */
const hurried: Clock = { now: () => Date.now(), sleep: (ms, signal) => systemClock.sleep(ms / 20, signal) };

describe('C1', () => {
  it('passes where a user may write', async () => {
    expect(await run(nonRootWrite)).toMatchObject({
      status: 'PASS',
      summary: expect.stringContaining('node1 and node2') as unknown,
    });
  });

  it('fails with the words of the kernel, the owner and the node', async () => {
    const outcome = await run(nonRootWrite, [{}, { broken: { mkdir: 'command mkdir /proc/no' } }]);
    expect(outcome).toMatchObject({ status: 'FAIL', code: 'write-failed' });
    expect(outcome.summary).toMatch(/cannot write on node2: mkdir: can't create directory '\/proc\/no'/);
    const denied = await run(nonRootWrite, [{ broken: { mkdir: 'echo "mkdir: x: Permission denied" >&2; return 1' } }]);
    expect(denied).toMatchObject({
      code: 'permission-denied',
      remedy: expect.stringMatching(/belongs to \d+:\d+ with mode \d+/) as unknown,
    });
    const readOnly = await run(nonRootWrite, [
      { broken: { mkdir: 'echo "mkdir: x: Read-only file system" >&2; return 1' } },
    ]);
    expect(readOnly).toMatchObject({ code: 'read-only' });
  });

  it('notices a write that is lost without an error', async () => {
    const outcome = await run(nonRootWrite, [{ broken: { dd: 'command cat >/dev/null' } }]);
    expect(outcome.status).toBe('FAIL');
  });
});

describe('B1', () => {
  it('passes where the nodes share the folder', async () => {
    expect(await run(visibility, [{}, {}, {}])).toMatchObject({
      status: 'PASS',
      summary: "node1, node2 and node3 read each other's files (9 reads, all equal)",
    });
  });

  it('fails where each node has a folder of its own, and says whose files are not seen', async () => {
    const outcome = await run(visibility, [{}, { volume: 'private' }]);
    expect(outcome).toMatchObject({ status: 'FAIL', code: 'not-shared' });
    expect(outcome.summary).toBe(
      "the nodes do not see each other's writes: node1 does not see the file of node2, node2 does not see the file of node1",
    );
    expect(outcome.remedy).toContain('different places');
    expect(outcome.evidence).toHaveLength(2);
    expect(outcome.evidence?.[1]).toMatchObject({
      node: 'node2',
      mount: expect.stringContaining('folder /private') as unknown,
    });
  });

  it('fails where a reader gets another content', async () => {
    const outcome = await run(visibility, [{}, { broken: { dd: 'command tr a b | command dd "$@"' } }]);
    expect(outcome.status).toBe('FAIL');
    expect(outcome.summary).toContain('node1 does not see the file of node2 as it was written');
    expect(outcome.summary).toContain('node2 does not read back its own file');
  });

  it('fails where files are found that nobody wrote', async () => {
    const outcome = await run(visibility, [{}, { broken: { sha256sum: 'command sha256sum "$1" || echo 0' } }]);
    expect(outcome).toMatchObject({ status: 'FAIL', code: 'control-failed' });
  });

  it('names a failing write and its errors', async () => {
    const outcome = await run(visibility, [{}, { broken: { dd: 'echo "dd: No space left on device" >&2; return 1' } }]);
    expect(outcome).toMatchObject({ status: 'FAIL', code: 'write-failed' });
    expect(outcome.summary).toBe('writing fails on node2: dd: No space left on device');
  });
});

describe('B2', () => {
  it('passes, and measures how much the writers overlapped', async () => {
    const outcome = await run(concurrentWriters);
    expect(outcome).toMatchObject({ status: 'PASS', summary: expect.stringContaining('400 files') as unknown });
    const overlap = outcome.measurements?.find(({ name }) => name === 'overlap')?.value ?? 0;
    expect(overlap).toBeGreaterThanOrEqual(50);
    expect(outcome.measurements?.filter(({ name }) => name === 'files-written')).toHaveLength(2);
  });

  it('fails where a file is lost', async () => {
    const dd = 'case "$*" in *1-7\\ *) command cat >/dev/null ;; *) command dd "$@" ;; esac';
    const outcome = await run(concurrentWriters, [{}, { broken: { dd } }]);
    expect(outcome).toMatchObject({ status: 'FAIL', code: 'lost-files' });
    expect(outcome.summary).toContain('node1 lacks 1 files and finds 0 wrong');
    expect(outcome.evidence?.[0]?.output).toContain('1-7 missing');
  });

  it('fails where a file is empty', async () => {
    const dd = 'case "$*" in *0-3\\ *) command dd "$@"; : >"${1#of=}" ;; *) command dd "$@" ;; esac';
    const outcome = await run(concurrentWriters, [{ broken: { dd } }, {}]);
    expect(outcome.summary).toContain('finds 1 wrong (1 empty)');
  });

  it('fails where the nodes do not share', async () => {
    expect(await run(concurrentWriters, [{}, { volume: 'private' }])).toMatchObject({ status: 'FAIL' });
  });

  it('fails where a listing repeats a name', async () => {
    const ls = 'command ls "$@"; echo 0-1';
    const outcome = await run(concurrentWriters, [{}, { broken: { ls } }]);
    expect(outcome).toMatchObject({ status: 'FAIL', code: 'wrong-listing', summary: 'node2 lists names twice' });
  });

  it('waits for a listing as long as the mount may be behind, and no longer', async () => {
    const nfs = '10.0.0.1:/x VOLUME nfs4 rw,acdirmax=1 0 0';
    const ls = 'echo x >>"$OWN/looks"; [ "$(command wc -l <"$OWN/looks")" -lt 5 ] || command ls "$@"';
    const count = (table: string): Fault[] => [{ table }, { table, broken: { ls } }];
    expect((await run(concurrentWriters, count(nfs), hurried)).status).toBe('PASS');
    const local = await run(concurrentWriters, count(LOCAL), hurried);
    expect(local).toMatchObject({ status: 'FAIL', code: 'wrong-listing' });
    expect(local.summary).toMatch(/^node2 does not list all 400 files/);
  });

  it('does a round again that did not really overlap', async () => {
    const dd = 'case "$*" in *B2-1/*) command usleep 8000 ;; esac; command dd "$@"';
    const outcome = await run(concurrentWriters, [{}, { broken: { dd } }]);
    expect(outcome).toMatchObject({ status: 'PASS', summary: expect.stringContaining('800 files') as unknown });
  });

  it('is an error where the comparison cannot see a change', async () => {
    const dd = 'case "$*" in *seek=*) return 0 ;; esac; command dd "$@"';
    const outcome = await run(concurrentWriters, [{ broken: { dd } }, {}]);
    expect(outcome).toMatchObject({ status: 'ERROR', code: 'control-failed' });
  });
});

describe('B3', () => {
  /** A client whose cache is not validated on open: it reads once and then knows. */
  const stale = (after: number): Record<string, string> => ({
    sha256sum: [
      'echo x >>"$OWN/reads"',
      `if [ "$(command wc -l <"$OWN/reads")" -le ${after} ]; then command sha256sum | command tee "$OWN/cache"`,
      'else command cat "$OWN/cache"; fi',
    ].join('\n'),
  });

  it('passes where each open sees the last close', async () => {
    expect(await run(closeToOpen, [{}, {}], hurried)).toMatchObject({ status: 'PASS' });
  });

  it('fails where a node goes on reading an old version', async () => {
    const outcome = await run(closeToOpen, [{}, { broken: stale(3) }], hurried);
    expect(outcome).toMatchObject({ status: 'FAIL', code: 'stale-read' });
    expect(outcome.summary).toContain('node2 read version 2 after version 3 was closed');
  });

  it('fails where a reader gets a mixture', async () => {
    const mixed =
      'case "$*" in *seek=*|*notrunc*) command head -c 4096 | command dd "$@" ;; *) command dd "$@" ;; esac';
    const outcome = await run(closeToOpen, [{}, { broken: { dd: mixed } }], hurried);
    expect(outcome.summary).toContain('read a mixture after version 1 was closed');
  });

  it('only warns where NFS version 3 misses the rounds without a pause', async () => {
    const table = '10.0.0.1:/x VOLUME nfs rw,vers=3 0 0';
    const outcome = await run(closeToOpen, [{ table }, { table, broken: stale(19) }], hurried);
    expect(outcome).toMatchObject({ status: 'WARN', code: 'coarse-times' });
    expect(await run(closeToOpen, [{ table }, { table, broken: stale(10) }], hurried)).toMatchObject({
      status: 'FAIL',
    });
  });

  it('fails where the nodes do not share', async () => {
    expect((await run(closeToOpen, [{}, { volume: 'private' }], hurried)).status).toBe('FAIL');
  });
});
