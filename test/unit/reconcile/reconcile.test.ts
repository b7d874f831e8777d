import { describe, expect, it } from 'vitest';
import { CliError } from '../../../src/core/errors.ts';
import type { Action, Planned } from '../../../src/reconcile/change.ts';
import { reconcile, type Resource } from '../../../src/reconcile/reconcile.ts';
import { testContext } from '../../support/context.ts';

/** A world of names with numbers, kept as a desired map says. */
function numbers(world: Map<string, number>, desired: Record<string, number>, log: string[] = []) {
  const resource: Resource<Map<string, number>, number> = {
    title: 'numbers',
    observe: async () => new Map(world),
    plan: (observed) =>
      Object.entries(desired).map(([name, value]): Planned<number> => {
        const before = observed.get(name);
        const action: Action = before === undefined ? 'create' : before === value ? 'none' : 'update';
        const destructive = before !== undefined && before > value;
        return { change: { kind: 'Number', name, action, fields: [], destructive }, op: value };
      }),
    perform: async ({ change, op }, { dryRun }) => {
      log.push(`${dryRun ? 'try' : 'do'} ${change.name}`);
      if (op === 13) throw new CliError({ code: 'unlucky', exitCode: 3, message: 'no 13' });
      if (!dryRun) world.set(change.name, op);
    },
  };
  return resource;
}

describe('reconcile', () => {
  it('makes what is missing and is done the second time', async () => {
    const world = new Map([['a', 1]]);
    const log: string[] = [];
    const first = await reconcile(testContext(), numbers(world, { a: 1, b: 2, c: 3 }, log));
    expect(first.summary).toEqual({ create: 2, update: 0, replace: 0, delete: 0, none: 1 });
    expect(world).toEqual(new Map(Object.entries({ a: 1, b: 2, c: 3 })));
    expect(log).toHaveLength(2);
    const second = await reconcile(testContext(), numbers(world, { a: 1, b: 2, c: 3 }, log));
    expect(second.summary.none).toBe(3);
    expect(log).toHaveLength(2);
  });

  it('only computes with --dry-run=client', async () => {
    const world = new Map<string, number>();
    const log: string[] = [];
    const set = await reconcile(testContext({ global: { dryRun: 'client' } }), numbers(world, { a: 1 }, log));
    expect(set).toMatchObject({ dryRun: 'client', summary: { create: 1 } });
    expect(log).toEqual([]);
  });

  it('asks the server with --dry-run=server, where it can', async () => {
    const world = new Map<string, number>();
    const log: string[] = [];
    const ctx = testContext({ global: { dryRun: 'server' } });
    await expect(reconcile(ctx, numbers(world, { a: 1 }, log))).rejects.toMatchObject({ exitCode: 2 });
    await reconcile(ctx, { ...numbers(world, { a: 1 }, log), serverDryRun: true });
    expect(log).toEqual(['try a']);
    expect(world.size).toBe(0);
  });

  it('refuses to lose something without being told to', async () => {
    const world = new Map([['a', 5]]);
    await expect(reconcile(testContext(), numbers(world, { a: 1 }))).rejects.toMatchObject({
      code: 'not-confirmed',
      exitCode: 2,
    });
    expect(world.get('a')).toBe(5);
    await reconcile(testContext({ global: { yes: true } }), numbers(world, { a: 1 }));
    expect(world.get('a')).toBe(1);
  });

  it('refuses if the world moved while it asked', async () => {
    const world = new Map([['a', 5]]);
    const ctx = testContext();
    Object.defineProperty(ctx.io, 'interactive', { value: true });
    ctx.io.confirm = async () => {
      world.set('a', 7);
      world.set('b', 1);
      return true;
    };
    await expect(reconcile(ctx, numbers(world, { a: 1, b: 2 }))).rejects.toMatchObject({ code: 'moved', exitCode: 3 });
    expect(world.get('a')).toBe(7);
  });

  it('says what was made before a failure', async () => {
    const world = new Map<string, number>();
    const resource = numbers(world, { a: 1, b: 13, c: 3 });
    resource.stages = (planned) => planned.map((one) => [one]);
    const error: unknown = await reconcile(testContext(), resource).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'unlucky', exitCode: 3 });
    expect((error as CliError).message).toMatch(/^no 13 \(1 of the changes/);
    expect((error as CliError).result?.data).toMatchObject({ changes: [{ name: 'a' }] });
    expect(world).toEqual(new Map([['a', 1]]));
  });

  it('stops at an interrupt and says what was made', async () => {
    const stop = new AbortController();
    const world = new Map<string, number>();
    const resource = numbers(world, { a: 1, b: 2 });
    resource.stages = (planned) => planned.map((one) => [one]);
    const perform = resource.perform.bind(resource);
    resource.perform = async (planned, options) => {
      await perform(planned, options);
      stop.abort(new Error('ctrl-c'));
    };
    await expect(reconcile(testContext({ signal: stop.signal }), resource)).rejects.toMatchObject({
      code: 'stopped',
      message: '1 of 2 changes were made',
      result: { data: { changes: [{ name: 'a' }] } },
    });
    expect([...world.keys()]).toEqual(['a']);
  });
});
