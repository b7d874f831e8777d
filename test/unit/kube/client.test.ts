import { describe, expect, it } from 'vitest';
import type { CliError } from '../../../src/core/errors.ts';
import { connectKube } from '../../../src/kube/client.ts';
import { KubeApiError } from '../../../src/kube/errors.ts';
import type { KubeClient, KubeObject } from '../../../src/kube/types.ts';
import { tempDir } from '../../support/cli.ts';
import { fakeClock, testContext } from '../../support/context.ts';
import { KubeServer, next, statusAnswer } from '../../support/kube-server.ts';

const CONFIG_MAP = { apiVersion: 'v1', kind: 'ConfigMap' };
const configMap = (name: string, data: object = {}): KubeObject => ({
  ...CONFIG_MAP,
  metadata: { name, namespace: 'x' },
  data,
});

async function withClient(
  work: (kube: KubeClient, server: KubeServer, clock: ReturnType<typeof fakeClock>) => Promise<void>,
): Promise<void> {
  await using server = await KubeServer.start();
  await using folder = await tempDir({ kc: server.kubeconfig() });
  const clock = fakeClock();
  const kube = await connectKube(testContext({ clock, global: { kubeconfig: `${folder.path}/kc` } }));
  try {
    await work(kube, server, clock);
  } finally {
    kube.close();
  }
}

async function failure(work: Promise<unknown>): Promise<CliError> {
  return work.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: unknown) => error as CliError,
  );
}

describe('requests', () => {
  it('reads fifty objects over one TLS connection, as manila-rwx with the login of the kubeconfig', () =>
    withClient(async (kube, server) => {
      server.put(configMap('a'));
      for (let i = 0; i < 50; i++) await kube.get({ ...CONFIG_MAP, name: 'a', namespace: 'x' });
      expect(server.requests).toHaveLength(50);
      expect(server.handshakes).toBe(1);
      expect(server.requests[0]?.headers).toMatchObject({
        'user-agent': expect.stringMatching(/^manila-rwx\/\d/) as string,
        authorization: 'Bearer test-token',
      });
    }));

  it('keeps fields that it does not know, and says undefined for what is not there', () =>
    withClient(async (kube, server) => {
      server.put({ ...configMap('a'), fieldOfTheFuture: { deep: [1] } });
      expect(await kube.get({ ...CONFIG_MAP, name: 'a', namespace: 'x' })).toMatchObject({
        fieldOfTheFuture: { deep: [1] },
      });
      expect(await kube.get({ ...CONFIG_MAP, name: 'b', namespace: 'x' })).toBeUndefined();
    }));

  it('lists page by page, with apiVersion and kind on every item', () =>
    withClient(async (kube, server) => {
      for (let i = 0; i < 1203; i++) server.put(configMap(`c${i}`));
      const { items } = await kube.list({ ...CONFIG_MAP, namespace: 'x' });
      expect(items).toHaveLength(1203);
      expect(items.every(({ apiVersion, kind }) => apiVersion === 'v1' && kind === 'ConfigMap')).toBe(true);
      expect(server.requests).toHaveLength(3);
    }));

  it('begins a list again in one piece when its pages have expired', () =>
    withClient(async (kube, server) => {
      for (let i = 0; i < 700; i++) server.put(configMap(`c${i}`));
      server.faults.push(next(1, ({ query }) => query.has('continue'), statusAnswer(410, 'Expired', 'too old')));
      const { items } = await kube.list({ ...CONFIG_MAP, namespace: 'x' });
      expect(new Set(items.map(({ metadata }) => metadata.name)).size).toBe(700);
      expect(items).toHaveLength(700);
    }));

  it('takes a resource that the server does not have for an empty list, and looks again next time', () =>
    withClient(async (kube, server) => {
      const widgets = { apiVersion: 'example.com/v1', kind: 'Widget' };
      expect(await kube.list(widgets)).toEqual({ items: [], resourceVersion: '' });
      const resources = [{ name: 'widgets/status', kind: 'Widget', namespaced: true }];
      server.faults.push(({ path }) =>
        path === '/apis/example.com/v1'
          ? { status: 200, body: { resources: [...resources, { name: 'widgets', kind: 'Widget', namespaced: false }] } }
          : undefined,
      );
      await kube.apply({ ...widgets, metadata: { name: 'w' } });
      await kube.get({ ...widgets, name: 'w' });
      expect(server.calls()).toEqual([
        'GET /apis/example.com/v1',
        'GET /apis/example.com/v1',
        'PATCH /apis/example.com/v1/widgets/w',
        'GET /apis/example.com/v1/widgets/w',
      ]);
    }));

  it('refuses to write a kind that the server does not have, by its name', () =>
    withClient(async (kube) => {
      const error = await failure(
        kube.apply({ apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w' } }),
      );
      expect(error).toMatchObject({ code: 'unknown-kind', exitCode: 3 });
      expect(error.message).toContain('knows no Widget of example.com/v1');
    }));

  it('applies with its own field manager and strict validation', () =>
    withClient(async (kube, server) => {
      await kube.apply(configMap('a', { k: 'v' }), { force: true });
      const [request] = server.requests;
      expect(Object.fromEntries(request?.query ?? [])).toEqual({
        fieldManager: 'manila-rwx',
        fieldValidation: 'Strict',
        force: 'true',
      });
    }));

  it('asks for a dry run of a deletion where the server looks for it: in the body', () =>
    withClient(async (kube, server) => {
      server.put(configMap('a'));
      expect(await kube.delete({ ...CONFIG_MAP, name: 'a', namespace: 'x' }, { dryRun: true })).toBe(true);
      expect(server.find({ ...CONFIG_MAP, name: 'a', namespace: 'x' })).toBeDefined();
      expect(await kube.delete({ ...CONFIG_MAP, name: 'a', namespace: 'x' })).toBe(true);
      expect(await kube.delete({ ...CONFIG_MAP, name: 'a', namespace: 'x' })).toBe(false);
    }));

  it('has no text for the log of a container that has not started', () =>
    withClient(async (kube, server) => {
      server.logs = () => 'line\n';
      expect(await kube.logs({ name: 'p', namespace: 'x' }, { tailLines: 3 })).toBe('line\n');
      server.faults.push(() => statusAnswer(400, 'BadRequest', 'container "c" in pod "p" is waiting to start'));
      expect(await kube.logs({ name: 'p', namespace: 'x' })).toBe('');
    }));
});

describe('repetition', () => {
  const read = (kube: KubeClient) => kube.get({ ...CONFIG_MAP, name: 'a', namespace: 'x' });

  it('repeats a read after a cut connection and a 503, and waits as long as the server asks', () =>
    withClient(async (kube, server, clock) => {
      server.put(configMap('a'));
      const busy = { ...statusAnswer(429, 'TooManyRequests', 'busy'), headers: { 'retry-after': '7' } };
      server.faults.push(
        next(1, () => true, busy),
        next(1, () => true, statusAnswer(503, 'ServiceUnavailable', 'starting')),
        next(1, () => true, 'reset'),
      );
      expect(await read(kube)).toBeDefined();
      expect(server.requests).toHaveLength(4);
      expect(clock.slept[2]).toBeGreaterThanOrEqual(7000);
    }));

  it('does not repeat a write that may have been done', () =>
    withClient(async (kube, server) => {
      server.faults.push(next(1, () => true, 'reset'));
      const error = await failure(kube.create(configMap('a')));
      expect(error).toMatchObject({ code: 'kube-unreachable', exitCode: 3 });
      expect(server.requests).toHaveLength(1);
    }));

  it('does not repeat a write that the server may have kept (503)', () =>
    withClient(async (kube, server) => {
      server.faults.push(next(1, () => true, statusAnswer(503, 'ServiceUnavailable', 'etcd is away')));
      expect(await failure(kube.create(configMap('a')))).toMatchObject({ code: 'kube-api', status: 503 });
      expect(server.requests).toHaveLength(1);
    }));

  it('repeats a write that the server did not take (429)', () =>
    withClient(async (kube, server) => {
      server.faults.push(next(1, () => true, statusAnswer(429, 'TooManyRequests', 'busy')));
      await kube.create(configMap('a'));
      expect(server.writes()).toHaveLength(2);
    }));

  it('gives up at its deadline, naming it', async () => {
    await withClient(async (kube, server) => {
      // More is promised than comes.
      server.faults.push(() => ({ status: 200, headers: { 'content-length': '100' }, body: 'half' }));
      const error = await failure(kube.raw('/version', { timeoutMs: 80 }));
      expect(error).toMatchObject({ code: 'kube-unreachable', exitCode: 3 });
      expect(error.message).toContain('no answer to GET /version within 80 ms');
    });
  });

  it('ends with the reason of the signal, not as unreachable', () =>
    withClient(async (kube, server) => {
      const reason = new Error('stop');
      expect(await failure(kube.raw('/version', { signal: AbortSignal.abort(reason) }))).toBe(reason);
      const stop = new AbortController();
      server.faults.push(() => {
        stop.abort(reason);
        return { status: 200, headers: { 'content-length': '100' }, body: 'half' };
      });
      expect(await failure(kube.raw('/version', { signal: stop.signal }))).toBe(reason);
      expect(server.requests).toHaveLength(1);
    }));
});

describe('errors', () => {
  const get = { ...CONFIG_MAP, name: 'a', namespace: 'x' };

  it.each([
    [401, 'kube-unauthorized', 'does not accept the login of context "test": Unauthorized'],
    [403, 'kube-forbidden', 'configmaps "a" is forbidden: User "u" cannot get it'],
    [418, 'kube-api', 'short and stout'],
  ])('%i is %s', (status, code, text) =>
    withClient(async (kube, server) => {
      server.faults.push(() => statusAnswer(status, '', text.replace(/.*: Unauthorized/, 'Unauthorized')));
      const error = await failure(kube.get(get));
      expect(error).toBeInstanceOf(KubeApiError);
      expect(error).toMatchObject({ code, exitCode: 3, status, requestId: 'audit-1' });
      expect(error.message).toContain(text);
    }),
  );

  it('lists each cause of an invalid object once, without the server’s diff', () =>
    withClient(async (kube, server) => {
      const message = 'ConfigMap "a" is invalid: data.k: Invalid value\n@@ -1 +1 @@\n-x\n';
      const causes = [
        { field: 'data.k', message: 'Invalid value\n@@ -1 +1 @@\n' },
        { field: 'metadata.name', message: 'too long' },
      ];
      server.faults.push(() => statusAnswer(422, 'Invalid', message, { causes }));
      const error = await failure(kube.create(configMap('a')));
      expect(error.message).toBe('ConfigMap "a" is invalid: data.k: Invalid value\n  metadata.name: too long');
    }));

  it('names who holds the fields that an apply without force would take', () =>
    withClient(async (kube, server) => {
      server.put(configMap('a', { k: 'theirs' }), 'flux');
      const error = await failure(kube.apply(configMap('a', { k: 'ours' })));
      expect(error).toMatchObject({ code: 'kube-conflict', exitCode: 3, status: 409 });
      expect(error.message).toBe('ConfigMap x/a was not changed: "flux" holds data.k');
      await kube.apply(configMap('a', { k: 'ours' }), { force: true });
      expect(server.find(get)).toMatchObject({ data: { k: 'ours' } });
    }));

  it('tells a wrong certificate authority from a server that is down', async () => {
    await using server = await KubeServer.start();
    await using folder = await tempDir({
      ca: server.kubeconfig({ cluster: { 'certificate-authority-data': undefined } }),
      down: server.kubeconfig({ cluster: { server: 'https://127.0.0.1:1' } }),
    });
    const clock = fakeClock();
    const open = (file: string) =>
      connectKube(testContext({ clock, global: { kubeconfig: `${folder.path}/${file}` } }));
    const wrong = await failure((await open('ca')).raw('/version'));
    expect(wrong).toMatchObject({ code: 'kube-unreachable', exitCode: 3 });
    expect(wrong.remedy).toContain('certificate authority');
    expect(clock.slept).toEqual([]);
    const down = await failure((await open('down')).raw('/version'));
    expect(down.message).toContain('https://127.0.0.1:1 of context "test": connect ECONNREFUSED');
    expect(clock.slept).toHaveLength(4);
  });
});
