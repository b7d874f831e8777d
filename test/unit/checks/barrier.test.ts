import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Barrier, evidenceOf, overlapPercent } from '../../../src/checks/barrier.ts';
import { systemClock } from '../../../src/core/clock.ts';
import { tempDir } from '../../support/cli.ts';
import { LocalPods } from '../../support/local-pods.ts';

async function twoPods(stepMs = 5000) {
  const dir = await tempDir();
  const volume = join(dir.path, "a volume's place");
  mkdirSync(volume);
  const local = new LocalPods(['node1', 'node2'].map((node) => ({ name: node, namespace: 'test', node, volume })));
  const signal = new AbortController().signal;
  const barrier = await Barrier.open(
    local.pods,
    { run: 'run1', folder: 'mrwx-run1/X' },
    { kube: local, clock: systemClock, signal, timeoutMs: 10_000, stepMs },
  );
  return {
    barrier,
    volume,
    [Symbol.asyncDispose]: async () => {
      await barrier[Symbol.asyncDispose]();
      local[Symbol.dispose]();
      await dir[Symbol.asyncDispose]();
    },
  };
}

describe('overlap', () => {
  const at = (startedAt: number, endedAt: number) => ({ startedAt, endedAt });
  it.each([
    [[at(0, 100), at(0, 100)], 100],
    [[at(0, 100), at(50, 150)], 50],
    [[at(0, 100), at(0, 10)], 10],
    [[at(0, 100), at(100, 200)], 0],
    [[at(0, 10), at(90, 100)], 0],
    [[at(0, 100), at(10, 100), at(0, 80)], 70],
    [[at(5, 5), at(5, 5)], 0],
  ])('of %j is %d percent', (replies, percent) => expect(overlapPercent(replies)).toBe(percent));
});

describe('the barrier', () => {
  it('starts a step everywhere at once and tells data, errors and exit codes apart', async () => {
    await using two = await twoPods();
    const replies = await two.barrier.all('out "$ME $D"; sleep 0.2; echo "trouble $ME" >&2; (exit $((ME+3)))');
    expect(replies.map(({ data, said, exitCode }) => [data, said, exitCode])).toEqual([
      [[`0 ${two.volume}/mrwx-run1/X`], 'trouble 0', 3],
      [[`1 ${two.volume}/mrwx-run1/X`], 'trouble 1', 4],
    ]);
    expect(overlapPercent(replies)).toBeGreaterThan(50);
    for (const { tookMs } of replies) expect(tookMs).toBeGreaterThanOrEqual(190);
  });

  it('goes on after a step that fails, in one pod or in all', async () => {
    await using two = await twoPods();
    expect((await two.barrier.one(1, 'cat /nonexistent')).said).toContain('No such file');
    expect((await two.barrier.one(1, 'out again')).data).toEqual(['again']);
    expect((await two.barrier.all((index) => `out ${index * 10}`)).map(({ data }) => data)).toEqual([['0'], ['10']]);
  });

  it('gives as evidence a line that can be repeated by hand', async () => {
    await using two = await twoPods();
    const { command = '', ...rest } = evidenceOf(await two.barrier.one(0, 'printf "= %s\\n" "$D" "$RUN" "$ME"'));
    expect(rest).toMatchObject({ node: 'node1', exitCode: 0 });
    expect(execFileSync('busybox', ['sh', '-c', command]).toString()).toBe(
      `= ${two.volume}/mrwx-run1/X\n= run1\n= 0\n`,
    );
  });

  it('says so when a shell ends in the middle of a step', async () => {
    await using two = await twoPods();
    await expect(two.barrier.all('echo "last words"; exit 1')).rejects.toMatchObject({
      code: 'exec-ended',
      message: expect.stringContaining('last words') as unknown,
    });
  });

  it('gives a step up that does not end; where no process hangs in the kernel that is no fault of the volume', async () => {
    await using two = await twoPods(200);
    await expect(two.barrier.all((index) => (index === 1 ? 'sleep 5' : 'out ok'))).rejects.toMatchObject({
      code: 'timed-out',
      exitCode: 4,
      message: 'a step on node2 did not end within 200 ms',
    });
  });
});
