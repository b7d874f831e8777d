import { beforeAll, describe, expect, it } from 'vitest';
import { configMap, type Connected, type Json, MERGE, metaOf, namesOf, VERSION, type WatchEvent } from './cluster.ts';

/** What changes, from a version on. */
export function watchContract(cluster: () => Connected, expire: (() => void) | undefined): void {
  describe('watches', () => {
    let maps = '';
    beforeAll(async () => {
      maps = `${await cluster().namespace('watches')}/configmaps`;
    });
    const since = async (): Promise<string> => metaOf(await cluster().get(maps)).resourceVersion;

    it('tell of what was added, changed and deleted, in that order', async () => {
      const version = await since();
      const { events } = await cluster().watch(
        `${maps}?watch=true&resourceVersion=${version}`,
        (seen) => seen.some(({ type }) => type === 'DELETED'),
        async () => {
          await cluster().post(maps, configMap('a', { x: '1' }));
          await cluster().patch(`${maps}/a`, MERGE, { data: { x: '2' } });
          await cluster().delete(`${maps}/a`);
        },
      );
      const ours = events.filter(({ object }) => object.metadata.name === 'a');
      expect(ours.map(({ type }) => type)).toEqual(['ADDED', 'MODIFIED', 'DELETED']);
      expect(ours.map(({ object }) => object['data'])).toEqual([{ x: '1' }, { x: '2' }, { x: '2' }]);
      const versions = ours.map(({ object }) => Number(object.metadata.resourceVersion));
      // A deletion is a version of its own.
      expect([...versions].sort((a, b) => a - b)).toEqual(versions);
      expect(new Set(versions).size).toBe(3);
    });

    it('begin where they are told, also in the past, and go through it in its order', async () => {
      const version = await since();
      await cluster().post(maps, configMap('past', { x: '1' }));
      await cluster().patch(`${maps}/past`, MERGE, { data: { x: '2' } });
      await cluster().delete(`${maps}/past`);
      const { events } = await cluster().watch(
        `${maps}?watch=1&resourceVersion=${version}`,
        (seen) => seen.length >= 3,
      );
      expect(events.map(({ type, object }) => [type, object.metadata.name, object['data']])).toEqual([
        ['ADDED', 'past', { x: '1' }],
        ['MODIFIED', 'past', { x: '2' }],
        ['DELETED', 'past', { x: '2' }],
      ]);
    });

    it('without a version begin with what is there', async () => {
      await cluster().post(maps, configMap('there'));
      const { events } = await cluster().watch(
        `${maps}?watch=1&fieldSelector=metadata.name%3Dthere`,
        (seen) => seen.length > 0,
      );
      expect(events[0]).toMatchObject({ type: 'ADDED', object: { kind: 'ConfigMap', metadata: { name: 'there' } } });
    });

    it('show what leaves a selection as deleted', async () => {
      await cluster().post(maps, configMap('moves', undefined, { labels: { in: 'yes' } }));
      const version = await since();
      const { events } = await cluster().watch(
        `${maps}?watch=1&labelSelector=in%3Dyes&resourceVersion=${version}`,
        (seen) => seen.length > 0,
        () => cluster().patch(`${maps}/moves`, MERGE, { metadata: { labels: { in: 'no' } } }),
      );
      expect(events[0]).toMatchObject({ type: 'DELETED', object: { metadata: { labels: { in: 'yes' } } } });
    });

    it('end when their time is over', async () => {
      const begin = Date.now();
      const { status, events } = await cluster().watch(
        `${maps}?watch=1&timeoutSeconds=1&resourceVersion=${await since()}`,
        () => false,
      );
      expect(status).toBe(200);
      expect(events).toEqual([]);
      expect(Date.now() - begin).toBeGreaterThan(900);
    });

    const labels = { app: 'none' };
    const podSpec = { nodeSelector: { none: 'here' }, containers: [{ name: 'c', image: 'busybox:1.36' }] };
    const work = { spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: podSpec } } };
    const claimSpec = { accessModes: ['ReadWriteMany'], resources: { requests: { storage: '1Gi' } } };
    it.each([
      ['v1', 'Node', '/nodes', undefined],
      ['storage.k8s.io/v1', 'CSINode', '/csinodes', undefined],
      ['v1', 'Pod', '/pods', { spec: podSpec }],
      ['v1', 'PersistentVolumeClaim', '/persistentvolumeclaims', { spec: { storageClassName: 'none', ...claimSpec } }],
      ['v1', 'Event', '/events', { involvedObject: {}, reason: 'Seen' }],
      ['apps/v1', 'Deployment', '/deployments', work],
      ['apps/v1', 'DaemonSet', '/daemonsets', work],
    ] as [string, string, string, Json | undefined][])(
      'go on where a list ended: %s %s',
      async (apiVersion, kind, plural, object) => {
        const root = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
        const namespace = maps.split('/')[4] ?? '';
        const path = `${root}${object ? `/namespaces/${namespace}` : ''}${plural}`;
        const metadata = { name: 'watched', namespace };
        const involvedObject = { kind: 'Namespace', name: namespace, namespace };
        if (object) {
          const made = { apiVersion, kind, metadata, ...object, ...(kind === 'Event' && { involvedObject }) };
          expect((await cluster().post(path, made)).status).toBe(201);
        }
        const list = await cluster().get(path);
        const name = object ? 'watched' : (namesOf(list)[0] ?? '');
        const label = (value: string | null): Promise<unknown> =>
          cluster().patch(`${path}/${name}`, MERGE, { metadata: { labels: { [cluster().prefix]: value } } });
        if (!object) cluster().atEnd(() => label(null));
        const isOurs = ({ object: seen }: WatchEvent): boolean =>
          seen.metadata.name === name && JSON.stringify(seen.metadata).includes(`"${cluster().prefix}":"yes"`);
        const { status, events } = await cluster().watch(
          `${path}?watch=true&allowWatchBookmarks=true&resourceVersion=${metaOf(list).resourceVersion}`,
          (seen) => seen.some(isOurs),
          () => label('yes'),
        );
        expect(status).toBe(200);
        // An event says what its object is, as an item of a list does not; nothing of the list comes again.
        expect(events.find(isOurs)).toMatchObject({ type: 'MODIFIED', object: { apiVersion, kind } });
        expect(events.filter(({ type }) => type === 'ADDED')).toEqual([]);
      },
    );

    it('that ask for bookmarks are told the newest version before their time is over', async () => {
      const { events } = await cluster().watch(
        `${maps}?watch=1&allowWatchBookmarks=true&timeoutSeconds=4&resourceVersion=${await since()}`,
        () => false,
        () => cluster().post(maps, configMap('bookmarked')),
      );
      // A real server says it once or twice.
      expect(events.map(({ type }) => type)).toEqual(['ADDED', ...events.slice(1).map(() => 'BOOKMARK')]);
      const versions = events.map(({ object }) => Number(object.metadata.resourceVersion));
      expect(versions.at(-1)).toBeGreaterThanOrEqual(versions[0] ?? Infinity);
      expect(versions.length).toBeGreaterThan(1);
    });

    it('can begin with all there is, and mark the end of that', async () => {
      const query = 'watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
      const { events } = await cluster().watch(`${maps}?${query}`, (seen) =>
        seen.some(({ type }) => type === 'BOOKMARK'),
      );
      expect(events.map(({ type }) => type)).toEqual([...events.slice(1).map(() => 'ADDED'), 'BOOKMARK']);
      expect(events.at(-1)?.object).toMatchObject({
        kind: 'ConfigMap',
        apiVersion: 'v1',
        metadata: { resourceVersion: VERSION, annotations: { 'k8s.io/initial-events-end': 'true' } },
      });
    });

    if (expire)
      it('say that a version is too old', async () => {
        expire();
        const { status, events } = await cluster().watch(
          `${maps}?watch=1&resourceVersion=1`,
          (seen) => seen.length > 0,
        );
        expect(status).toBe(200);
        expect(events[0]).toMatchObject({
          type: 'ERROR',
          object: {
            kind: 'Status',
            status: 'Failure',
            reason: 'Expired',
            code: 410,
            message: expect.stringMatching(/^too old resource version: 1 \(\d+\)$/) as string,
          },
        });
      });
  });
}
