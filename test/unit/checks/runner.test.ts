import { describe, expect, it } from 'vitest';
import { runChecks } from '../../../src/checks/runner.ts';
import { selectChecks } from '../../../src/checks/selection.ts';
import { type Check, type Outcome, type Status, Verdict } from '../../../src/checks/types.ts';
import { VERIFY_CHECKS } from '../../../src/checks/registry.ts';
import type { Clock } from '../../../src/core/clock.ts';
import { couldNotRun, Interrupted } from '../../../src/core/errors.ts';
import { systemClock } from '../../../src/core/clock.ts';

type Ends = Status | Outcome | (() => Promise<Outcome>);

function check(id: string, ends: Ends, more: Partial<Check<string[]>> = {}): Check<string[]> {
  return {
    id,
    title: id,
    tier: 'T1',
    proves: `${id} holds`,
    needs: [],
    deadlineMs: () => 1000,
    run: async (log) => {
      log.push(id);
      if (typeof ends === 'function') return ends();
      return typeof ends === 'string' ? { status: ends, summary: ends } : ends;
    },
    ...more,
  };
}

async function run(checks: Check<string[]>[], options: { nodes?: number; signal?: AbortSignal; clock?: Clock } = {}) {
  const log: string[] = [];
  const seen: string[] = [];
  const finished = await runChecks({
    checks,
    env: log,
    nodeCount: () => options.nodes ?? 2,
    clock: options.clock ?? systemClock,
    signal: options.signal ?? new AbortController().signal,
    observer: {
      started: ({ id }) => void seen.push(`> ${id}`),
      finished: ({ id, status }) => void seen.push(`${status} ${id}`),
    },
  });
  return { log, seen, results: finished.map(({ result }) => result) };
}

describe('the runner', () => {
  it('keeps the order of the registry as far as needs and after let it', async () => {
    const { log, results } = await run([
      check('A', 'PASS'),
      check('B', 'PASS', { needs: ['A'], after: ['D'] }),
      check('C', 'PASS', { needs: ['A'] }),
      check('D', 'PASS', { needs: ['A'], after: ['C'] }),
    ]);
    expect(log).toEqual(['A', 'C', 'D', 'B']);
    expect(results.map(({ id }) => id)).toEqual(['A', 'B', 'C', 'D']);
  });

  it('makes one FAIL of one cause, and names the root of it', async () => {
    const { log, results } = await run([
      check('A', 'FAIL'),
      check('B', 'PASS', { needs: ['A'] }),
      check('C', 'PASS', { needs: ['B'] }),
      check('D', 'PASS'),
    ]);
    expect(log).toEqual(['A', 'D']);
    expect(results.map(({ status, summary, blockedBy }) => [status, summary, blockedBy])).toEqual([
      ['FAIL', 'FAIL', undefined],
      ['SKIP', 'blocked by A', 'A'],
      ['SKIP', 'blocked by A', 'A'],
      ['PASS', 'PASS', undefined],
    ]);
  });

  it.each([
    ['PASS', 'PASS'],
    ['WARN', 'PASS'],
    ['INFO', 'PASS'],
    ['SKIP', 'SKIP'],
    ['ERROR', 'SKIP'],
  ] as const)('after a needed %s the follower is %s', async (first, follower) => {
    const { results } = await run([check('A', first), check('B', 'PASS', { needs: ['A'] })]);
    expect(results[1]?.status).toBe(follower);
  });

  it('runs what comes after a check that was itself not run', async () => {
    const { results } = await run([
      check('A', 'FAIL'),
      check('B', 'PASS', { needs: ['A'] }),
      check('C', 'PASS', { after: ['B'] }),
      check('D', 'PASS', { after: ['A'] }),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['FAIL', 'SKIP', 'PASS', 'SKIP']);
  });

  it('skips what needs a check that was left out, or more nodes', async () => {
    const { results } = await run([check('B', 'PASS', { needs: ['A'] }), check('C', 'PASS', { nodes: 2 })], {
      nodes: 1,
    });
    expect(results.map(({ summary }) => summary)).toEqual(['needs A, left out', 'needs 2 nodes, this run has 1']);
  });

  it('turns what a check throws into its outcome', async () => {
    const { results } = await run([
      check('A', () => Promise.reject(new Verdict({ status: 'FAIL', summary: 'io hangs', code: 'io-hung' }))),
      check('B', () => Promise.reject(couldNotRun('kube-forbidden', 'pods/exec is forbidden', { remedy: 'ask' }))),
      check('C', () => Promise.reject(new TypeError('oops'))),
    ]);
    expect(results).toMatchObject([
      { status: 'FAIL', summary: 'io hangs', code: 'io-hung' },
      { status: 'ERROR', summary: 'pods/exec is forbidden', code: 'kube-forbidden', remedy: 'ask' },
      { status: 'ERROR', summary: 'oops', code: 'internal' },
    ]);
  });

  it('gives a check up at its deadline, also one that does not listen', async () => {
    const hurried: Clock = { ...systemClock, sleep: (ms, signal) => systemClock.sleep(ms / 100, signal) };
    const { results } = await run([check('A', () => new Promise<never>(() => undefined)), check('B', 'PASS')], {
      clock: hurried,
    });
    expect(results[0]).toMatchObject({ status: 'ERROR', timedOut: true, summary: 'not done within 1.0 s' });
    expect(results[1]?.status).toBe('PASS');
  });

  it('stops at Ctrl-C: the running check ends, the rest is not begun', async () => {
    const interrupt = new AbortController();
    const waits: Check<string[]> = {
      ...check('A', 'PASS'),
      run: async (_, { signal }) => {
        setTimeout(() => interrupt.abort(new Interrupted('SIGINT')), 5);
        await systemClock.sleep(60_000, signal);
        return { status: 'PASS', summary: '' };
      },
    };
    const { results, log } = await run([waits, check('B', 'PASS')], { signal: interrupt.signal });
    expect(results.map(({ status, code }) => [status, code])).toEqual([
      ['SKIP', 'interrupted'],
      ['SKIP', 'interrupted'],
    ]);
    expect(log).toEqual([]);
  });

  it('tells observers of a start only where there is one', async () => {
    const { seen } = await run([check('A', 'FAIL'), check('B', 'PASS', { needs: ['A'] })]);
    expect(seen).toEqual(['> A', 'FAIL A', 'SKIP B']);
  });
});

describe('the selection', () => {
  const ids = (only?: string[], skip?: string[]) =>
    selectChecks(VERIFY_CHECKS, { ...(only && { only }), ...(skip && { skip }) }).map(({ id }) => id);

  it('takes what is asked for and what that needs', () => {
    expect(ids(['b1'])).toEqual(['P0', 'A1', 'A3', 'B1']);
    expect(ids(['D*'])).toEqual(['P0', 'A1', 'D6a', 'D6b']);
    expect(ids(undefined, ['B*', 'D6b'])).toEqual(['P0', 'A1', 'A3', 'A4', 'C1', 'D6a']);
  });

  it('refuses what fits no check, and names the ids', () => {
    expect(() => ids(['B9'])).toThrow(
      expect.objectContaining({
        exitCode: 2,
        message: '--check "B9" is not a check',
        remedy: expect.stringContaining('P0, A1') as unknown,
      }),
    );
    expect(() => ids(undefined, ['B.'])).toThrow(/--skip "B\."/);
  });
});

describe('the registry', () => {
  it('has each id once, and only needs what it has', () => {
    const ids = VERIFY_CHECKS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { needs, after = [] } of VERIFY_CHECKS) for (const id of [...needs, ...after]) expect(ids).toContain(id);
  });
});
