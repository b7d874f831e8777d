import { beforeAll, describe, expect, it } from 'vitest';
import { configMap, type Connected, type Json, JSON_PATCH, MERGE, notFound, STRATEGIC } from './cluster.ts';

/** The three other kinds of patches. */
export function patchContract(cluster: () => Connected): void {
  describe('patches', () => {
    let ns = '';
    let path = '';
    beforeAll(async () => {
      ns = await cluster().namespace('patches');
      path = `${ns}/configmaps/a`;
      await cluster().post(`${ns}/configmaps`, configMap('a', { x: '1', y: '1' }));
    });

    it('of JSON merge replace and remove members', async () => {
      expect(await cluster().patch(path, MERGE, { data: { x: '2', y: null, z: '3' } })).toMatchObject({
        status: 200,
        body: { data: { x: '2', z: '3' } },
      });
      expect(await cluster().patch(`${path}x`, MERGE, {})).toMatchObject(notFound('configmaps', 'ax'));
    });

    it('of JSON merge take a key out of a Secret', async () => {
      const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' }, data: { x: 'eA==', y: 'eQ==' } };
      await cluster().post(`${ns}/secrets`, secret);
      const { status, body } = await cluster().patch(`${ns}/secrets/a`, MERGE, { data: { y: null } });
      expect([status, (body as Json)['data']]).toEqual([200, { x: 'eA==' }]);
    });

    it('of JSON test before they change', async () => {
      const patch = (value: string): object[] => [
        { op: 'test', path: '/data/z', value },
        { op: 'replace', path: '/data/z', value: '4' },
      ];
      await cluster().patch(path, MERGE, { data: { z: '3' } });
      expect(await cluster().patch(path, JSON_PATCH, patch('9'))).toMatchObject({
        status: 422,
        body: { message: 'the server rejected our request due to an error in our request', reason: 'Invalid' },
      });
      expect(await cluster().patch(path, JSON_PATCH, patch('3'))).toMatchObject({
        status: 200,
        body: { data: { z: '4' } },
      });
    });

    it('that are strategic merge lists by their keys', async () => {
      const pod = {
        apiVersion: 'v1',
        kind: 'PodTemplate',
        metadata: { name: 't' },
        template: {
          spec: {
            containers: [
              { name: 'a', image: 'busybox:1' },
              { name: 'b', image: 'busybox:1' },
            ],
          },
        },
      };
      const sets = `/apis/apps/v1/namespaces/${ns.split('/').at(-1) ?? ''}/deployments`;
      const spec = { replicas: 0, selector: { matchLabels: { a: 'b' } } };
      const template = { ...pod.template, metadata: { labels: { a: 'b' } } };
      await cluster().post(sets, {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 't' },
        spec: { ...spec, template },
      });
      const change = (containers: Json[]): Json => ({ spec: { template: { spec: { containers } } } });
      const patched = await cluster().patch(
        `${sets}/t`,
        STRATEGIC,
        change([
          { name: 'b', image: 'busybox:2' },
          { name: 'a', $patch: 'delete' },
        ]),
      );
      const { containers } = (patched.body as { spec: { template: { spec: { containers: Json[] } } } }).spec.template
        .spec;
      expect(containers.map(({ name, image }) => `${String(name)} ${String(image)}`)).toEqual(['b busybox:2']);
    });

    it('of a kind that is not known are refused', async () => {
      expect(await cluster().patch(path, 'application/foo', {})).toMatchObject({
        status: 415,
        body: { reason: 'UnsupportedMediaType' },
      });
    });
  });
}
