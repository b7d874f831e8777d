import { describe, expect, it } from 'vitest';
import type { Planned } from '../../../src/reconcile/change.ts';
import { reconcile, type Resource } from '../../../src/reconcile/reconcile.ts';
import { inSequence } from '../../../src/reconcile/sequence.ts';
import { testContext } from '../../support/context.ts';

/** A resource that makes what it is told, and writes down what is called when. */
function recorded(log: string[], kind: string, names: string[], stages?: string[][]): Resource<string[], string> {
  const plan = (name: string): Planned<string> => ({
    change: { kind, name, action: name.startsWith('=') ? 'none' : 'create', fields: [], destructive: false },
    op: `${kind} ${name}`,
  });
  return {
    title: kind,
    observe: async () => {
      log.push(`observe ${kind}`);
      return names;
    },
    plan: (observed) => observed.map(plan),
    perform: async ({ op }) => {
      log.push(op);
      if (op.endsWith('bad')) throw new Error('refused');
    },
    ...(stages && {
      stages: (planned: Planned<string>[]) =>
        stages.map((stage) => planned.filter(({ change }) => stage.includes(change.name))),
    }),
  };
}

describe('resources in sequence', () => {
  it('are all read before anything is done, then done one after the other, in their own stages', async () => {
    const log: string[] = [];
    const both = inSequence('both', [recorded(log, 'A', ['1', '2'], [['2'], ['1']]), recorded(log, 'B', ['1', '=2'])]);
    const done = await reconcile(testContext(), both);
    expect(log).toEqual(['observe A', 'observe B', 'A 2', 'A 1', 'B 1']);
    expect(done.summary).toMatchObject({ create: 3, none: 1 });
  });

  it('are checked once, with all that is to be done, before the first change', async () => {
    const log: string[] = [];
    const both = inSequence('both', [recorded(log, 'A', ['1', '2']), recorded(log, 'B', ['=1', '2'])], async (todo) => {
      log.push(`check ${todo.map(({ op }) => String(op)).join(', ')}`);
    });
    await reconcile(testContext(), both);
    expect(log.filter((line) => line.startsWith('check'))).toEqual(['check A 1, A 2, B 2']);
    expect(log.indexOf('check A 1, A 2, B 2')).toBeLessThan(log.indexOf('A 1'));
  });

  it('are left alone where the check fails, and not checked where nothing is to be done', async () => {
    const log: string[] = [];
    const refuse = async (): Promise<void> => Promise.reject(new Error('no rights'));
    await expect(reconcile(testContext(), inSequence('one', [recorded(log, 'A', ['1'])], refuse))).rejects.toThrow(
      'no rights',
    );
    expect(log).toEqual(['observe A']);
    await reconcile(testContext(), inSequence('one', [recorded(log, 'A', ['=1'])], refuse));
  });

  it('stop where one fails', async () => {
    const log: string[] = [];
    const both = inSequence('both', [recorded(log, 'A', ['bad']), recorded(log, 'B', ['1'])]);
    await expect(reconcile(testContext(), both)).rejects.toThrow('refused');
    expect(log).not.toContain('B 1');
  });
});
