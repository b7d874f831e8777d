import { describe, expect, it } from 'vitest';
import { connectKube } from '../../../src/kube/client.ts';
import { KubeApiError } from '../../../src/kube/errors.ts';
import { loadKubeTarget } from '../../../src/kube/kubeconfig.ts';
import { Transport } from '../../../src/kube/transport.ts';
import type { KubeObject, WatchEvent } from '../../../src/kube/types.ts';
import { watchCollection } from '../../../src/kube/watch.ts';
import { tempDir } from '../../support/cli.ts';
import { fakeClock, testContext } from '../../support/context.ts';
import { KubeServer, next, statusAnswer } from '../../support/kube-server.ts';

const PODS = { apiVersion: 'v1', kind: 'Pod', namespace: 'x' };
const pod = (name: string, phase = 'Pending'): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'x' },
  status: { phase },
});

interface Watching {
  server: KubeServer;
  /** The next event, as `ADDED a`. */
  event: () => Promise<string>;
  stop: AbortController;
  /** Resolves when a watch is open at the server. */
  open: () => Promise<void>;
}

async function watching(body: (watching: Watching) => Promise<void>, lifeMs?: number): Promise<void> {
  await using server = await KubeServer.start();
  await using folder = await tempDir({ kc: server.kubeconfig() });
  const ctx = testContext({ clock: fakeClock(), global: { kubeconfig: `${folder.path}/kc` } });
  const kube = await connectKube(ctx);
  const stop = new AbortController();
  const transport = new Transport(ctx, await loadKubeTarget(ctx));
  const iterator = (
    lifeMs === undefined
      ? kube.watch(PODS, stop.signal)
      : watchCollection(
          ctx,
          {
            list: (signal) => kube.list(PODS, { signal }),
            open: (version, options) =>
              transport.open({
                method: 'GET',
                path: `/api/v1/namespaces/x/pods?watch=true&resourceVersion=${version}`,
                ...options,
              }),
            apiError: (status) => new KubeApiError(status.code ?? 0, status, transport.asked),
          },
          stop.signal,
          lifeMs,
        )
  )[Symbol.asyncIterator]();
  const open = async (): Promise<void> => {
    while (server.openWatches === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  const event = async (): Promise<string> => {
    const { value, done } = (await iterator.next()) as IteratorResult<WatchEvent, undefined>;
    return done ? 'end' : `${value.type} ${value.object.metadata.name}`;
  };
  try {
    await body({ server, event, stop, open });
  } finally {
    stop.abort();
    kube.close();
    transport.close();
  }
}

const lists = (server: KubeServer) => server.requests.filter(({ query }) => !query.has('watch')).length;
const watches = (server: KubeServer) => server.requests.filter(({ query }) => query.has('watch')).length;

describe('watch', () => {
  it('begins with what is there and goes on with what happens', () =>
    watching(async ({ server, event, stop }) => {
      server.put(pod('a'));
      expect(await event()).toBe('ADDED a');
      const later = event();
      server.put(pod('b'));
      expect(await later).toBe('ADDED b');
      server.put(pod('a', 'Running'));
      expect(await event()).toBe('MODIFIED a');
      server.store.delete('v1 pods', 'a', { namespace: 'x' });
      expect(await event()).toBe('DELETED a');
      const ending = event();
      stop.abort();
      expect(await ending).toBe('end');
    }));

  it('goes on after a cut connection without listing or repeating anything', () =>
    watching(async ({ server, event, open }) => {
      server.put(pod('a'));
      expect(await event()).toBe('ADDED a');
      const later = event();
      await open();
      server.cutWatches();
      server.put(pod('b'));
      expect(await later).toBe('ADDED b');
      expect(lists(server)).toBe(1);
      expect(watches(server)).toBe(2);
    }));

  it('lists again when the server has forgotten the version, and reports what was deleted meanwhile', () =>
    watching(async ({ server, event, open }) => {
      for (const name of ['a', 'b', 'c']) server.put(pod(name));
      expect([await event(), await event(), await event()]).toEqual(['ADDED a', 'ADDED b', 'ADDED c']);
      const later = event();
      await open();
      server.faults.push(next(1, ({ query }) => query.has('watch'), statusAnswer(410, 'Expired', 'too old')));
      server.cutWatches();
      server.store.delete('v1 pods', 'a', { namespace: 'x' });
      // The same name, but another object.
      server.store.delete('v1 pods', 'b', { namespace: 'x' });
      server.put(pod('b'));
      server.put(pod('c', 'Running'));
      server.put(pod('d'));
      const seen = [await later, await event(), await event(), await event(), await event()];
      expect(seen.sort()).toEqual(['ADDED b', 'ADDED d', 'DELETED a', 'DELETED b', 'MODIFIED c']);
      expect(lists(server)).toBe(2);
    }));

  it('takes an ERROR event 410 in the stream for the same', () =>
    watching(async ({ server, event }) => {
      server.put(pod('a'));
      expect(await event()).toBe('ADDED a');
      const gone = { kind: 'Status', status: 'Failure', code: 410, reason: 'Expired', message: 'too old' };
      server.faults.push(
        next(1, ({ query }) => query.has('watch'), {
          status: 200,
          body: `${JSON.stringify({ type: 'ERROR', object: gone })}\n`,
        }),
      );
      const later = event();
      server.put(pod('b'));
      expect(await later).toBe('ADDED b');
      expect(lists(server)).toBe(2);
    }));

  it('uses the version of a bookmark, and does not show bookmarks', () =>
    watching(async ({ server, event }) => {
      server.put(pod('a'));
      expect(await event()).toBe('ADDED a');
      const mark = { type: 'BOOKMARK', object: { ...pod(''), metadata: { name: '', resourceVersion: '4711' } } };
      server.faults.push(
        next(1, ({ query }) => query.has('watch'), { status: 200, body: `${JSON.stringify(mark)}\n` }),
        ({ query }) => (query.get('resourceVersion') === '4711' ? statusAnswer(403, 'Forbidden', 'seen') : undefined),
      );
      await expect(event()).rejects.toMatchObject({ code: 'kube-forbidden' });
    }));

  it('does not wait for ever on a connection that has gone silent', () =>
    watching(async ({ server, event, open }) => {
      server.put(pod('a'));
      expect(await event()).toBe('ADDED a');
      const later = event();
      await open();
      server.muteWatches();
      server.put(pod('b'));
      expect(await later).toBe('ADDED b');
      expect(watches(server)).toBe(2);
      expect(lists(server)).toBe(1);
    }, 150));

  it('ends with the refusal where it may not watch', () =>
    watching(async ({ server, event }) => {
      server.faults.push(() => statusAnswer(403, 'Forbidden', 'pods is forbidden'));
      await expect(event()).rejects.toMatchObject({ code: 'kube-forbidden', exitCode: 3 });
    }));

  it('gives up on a server that stays away', () =>
    watching(async ({ server, event }) => {
      server.put(pod('a'));
      expect(await event()).toBe('ADDED a');
      server.faults.push(() => 'reset');
      await expect(event()).rejects.toMatchObject({ code: 'kube-unreachable' });
      // A pause of half a second each, by a clock that jumps: about a minute.
      expect(watches(server)).toBeGreaterThan(50);
    }));
});
