import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectKube } from '../../../src/kube/client.ts';
import { whileLeader } from '../../../src/kube/lease.ts';
import type { KubeClient } from '../../../src/kube/types.ts';
import { type LabKubernetes, startKubernetes } from '../../../src/lab/kubernetes/index.ts';
import { tempDir } from '../../support/cli.ts';
import { fakeClock, testContext } from '../../support/context.ts';
import { KubeServer } from '../../support/kube-server.ts';

const REF = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', name: 'sync', namespace: 'default' };

let dir: Awaited<ReturnType<typeof tempDir>>;
let lab: LabKubernetes;
let kube: KubeClient;
beforeAll(async () => {
  dir = await tempDir({});
  await mkdir(join(dir.path, 'lab'));
  lab = await startKubernetes({ folder: join(dir.path, 'lab'), nodes: 1 });
  kube = await connectKube(testContext({ env: { KUBECONFIG: lab.kubeconfig } }));
});
afterAll(async () => {
  kube.close();
  await lab.stop();
  await dir[Symbol.asyncDispose]();
});

/** A process that wants the Lease: its own clock, what it may do, and when it is the one that works. */
function candidate(identity: string) {
  const soft = new AbortController();
  const clock = fakeClock(Date.now());
  const ctx = testContext({ clock, signal: soft.signal });
  let works: (signal: AbortSignal) => void = () => undefined;
  const leads = new Promise<AbortSignal>((resolve) => (works = resolve));
  const ended = whileLeader(ctx, kube, { namespace: 'default', name: 'sync', identity }, async (signal) => {
    works(signal);
    await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
  }).catch((error: unknown) => error);
  return { leads, ended, stop: () => soft.abort(new Error('stopped')) };
}

const holder = async (): Promise<unknown> =>
  ((await kube.get(REF))?.spec as { holderIdentity?: string } | undefined)?.holderIdentity;

it('is held by one, given back at its end, and taken over at once', async () => {
  const first = candidate('one');
  await first.leads;
  const second = candidate('two');
  let tookOver = false;
  void second.leads.then(() => (tookOver = true));
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect([await holder(), tookOver]).toEqual(['one', false]);
  first.stop();
  expect(await first.ended).toMatchObject({ message: 'stopped' });
  await second.leads;
  expect(await holder()).toBe('two');
  second.stop();
  await second.ended;
  expect(await holder()).toBe('');
});

it('is taken from one that went without a word, once it was seen unchanged for its whole time', async () => {
  const { metadata } = (await kube.get(REF)) ?? { metadata: {} };
  // The times of the other's clock say that it was over long ago; they are not believed.
  const spec = { holderIdentity: 'gone', leaseDurationSeconds: 15, renewTime: '2020-01-01T00:00:00.000000Z' };
  await kube.mergePatch(REF, {
    metadata: { resourceVersion: (metadata as { resourceVersion?: string }).resourceVersion },
    spec,
  });
  const clock = fakeClock(Date.now());
  const from = clock.now();
  const soft = new AbortController();
  const ctx = testContext({ clock, signal: soft.signal });
  await whileLeader(ctx, kube, { namespace: 'default', name: 'sync', identity: 'next' }, async () => {
    expect(clock.now() - from).toBeGreaterThanOrEqual(15_000);
    expect(clock.now() - from).toBeLessThan(25_000);
    return Promise.resolve();
  });
  expect((await kube.get(REF))?.spec).toMatchObject({
    holderIdentity: '',
    leaseTransitions: expect.any(Number) as number,
  });
});

it('is given up before another may take it, where it cannot be renewed', async () => {
  await using server = await KubeServer.start();
  await using folder = await tempDir({ kc: server.kubeconfig() });
  const client = await connectKube(testContext({ clock: fakeClock(), global: { kubeconfig: `${folder.path}/kc` } }));
  const clock = fakeClock();
  const soft = new AbortController();
  const ctx = testContext({ clock, signal: soft.signal });
  const from = clock.now();
  const worked: number[] = [];
  const ended = whileLeader(ctx, client, { namespace: 'default', name: 'sync', identity: 'one' }, async (signal) => {
    server.faults.push(() => 'reset');
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    worked.push(clock.now() - from);
    soft.abort(new Error('stopped'));
    throw signal.reason as Error;
  });
  await expect(ended).rejects.toThrow();
  expect(worked).toEqual([expect.any(Number)]);
  expect(worked[0]).toBeLessThanOrEqual(10_000);
  client.close();
});
