import { beforeAll, describe, expect, it } from 'vitest';
import { configMap, type Connected, failure, itemsOf, metaOf, namesOf, VERSION } from './cluster.ts';

/** Lists, whole and in parts. */
export function listContract(cluster: () => Connected): void {
  describe('lists', () => {
    let maps = '';
    const ours = 'labelSelector=set';
    beforeAll(async () => {
      maps = `${await cluster().namespace('lists')}/configmaps`;
      for (const [index, set] of ['one', 'two', 'one', 'two', 'one'].entries()) {
        await cluster().post(maps, configMap(`m${index}`, undefined, { labels: { set } }));
      }
    });

    it('are in the order of the names, with the version of the whole', async () => {
      const answer = await cluster().get(`${maps}?${ours}`);
      expect(answer).toMatchObject({ status: 200, body: { kind: 'ConfigMapList', apiVersion: 'v1' } });
      expect(metaOf(answer).resourceVersion).toEqual(VERSION);
      expect(namesOf(answer)).toEqual(['m0', 'm1', 'm2', 'm3', 'm4']);
      // The list says once what its items are.
      expect(itemsOf(answer)[0]).not.toHaveProperty('kind');
    });

    it('come in parts that continue where the last one ended', async () => {
      const first = await cluster().get(`${maps}?${ours}&limit=2`);
      expect(namesOf(first)).toEqual(['m0', 'm1']);
      const { continue: token = '' } = metaOf(first);
      expect(token).not.toBe('');
      const second = await cluster().get(`${maps}?${ours}&limit=2&continue=${encodeURIComponent(token)}`);
      expect(namesOf(second)).toEqual(['m2', 'm3']);
      expect(metaOf(second).resourceVersion).toBe(metaOf(first).resourceVersion);
      const last = await cluster().get(
        `${maps}?${ours}&limit=2&continue=${encodeURIComponent(metaOf(second).continue ?? '')}`,
      );
      expect(namesOf(last)).toEqual(['m4']);
      expect(metaOf(last).continue ?? '').toBe('');
    });

    it('in parts show one moment, whatever happens meanwhile', async () => {
      const page = `${maps}?limit=2&labelSelector=moment`;
      const labels = { moment: 'yes' };
      for (const name of ['n0', 'n1', 'n2', 'n3']) await cluster().post(maps, configMap(name, undefined, { labels }));
      const first = await cluster().get(page);
      expect(namesOf(first)).toEqual(['n0', 'n1']);
      await cluster().delete(`${maps}/n2`);
      await cluster().post(maps, configMap('n4', undefined, { labels }));
      const second = await cluster().get(`${page}&continue=${encodeURIComponent(metaOf(first).continue ?? '')}`);
      expect(namesOf(second)).toEqual(['n2', 'n3']);
      expect(metaOf(second).continue ?? '').toBe('');
      for (const name of ['n0', 'n1', 'n3', 'n4']) await cluster().delete(`${maps}/${name}`);
    });

    it.each([
      ['set=one', ['m0', 'm2', 'm4']],
      ['set!=one,set', ['m1', 'm3']],
      ['set in (two)', ['m1', 'm3']],
      ['set notin (two),set', ['m0', 'm2', 'm4']],
      ['!set,other', []],
    ])('of the labels %s', async (selector, names) => {
      expect(namesOf(await cluster().get(`${maps}?labelSelector=${encodeURIComponent(selector)}`))).toEqual(names);
    });

    it('of a name or another field that can be asked for', async () => {
      expect(namesOf(await cluster().get(`${maps}?fieldSelector=metadata.name%3Dm3`))).toEqual(['m3']);
      expect(await cluster().get(`${maps}?fieldSelector=data.a%3D1`)).toMatchObject(
        failure(
          400,
          'BadRequest',
          '"data.a" is not a known field selector: only "metadata.name", "metadata.namespace"',
        ),
      );
    });

    it('span all namespaces', async () => {
      const all = await cluster().get(`/api/v1/configmaps?${ours}&fieldSelector=metadata.name%3Dm0`);
      expect(itemsOf(all).map(({ metadata }) => metadata.namespace)).toContain(maps.split('/')[4]);
    });

    it.each([
      '/api/v1/namespaces',
      '/api/v1/nodes',
      '/api/v1/pods',
      '/api/v1/persistentvolumes',
      '/api/v1/persistentvolumeclaims',
      '/apis/apps/v1/daemonsets',
      '/apis/apps/v1/deployments',
      '/apis/storage.k8s.io/v1/csinodes',
      '/apis/storage.k8s.io/v1/csidrivers',
      '/apis/storage.k8s.io/v1/storageclasses',
      '/api/v1/namespaces/default/services',
      '/api/v1/namespaces/default/secrets',
      '/api/v1/namespaces/default/events?fieldSelector=type%3DWarning&limit=500',
      '/api/v1/namespaces/default/persistentvolumeclaims',
      '/apis/apps/v1/namespaces/default/daemonsets',
      '/apis/apps/v1/namespaces/default/deployments',
      '/apis/apps/v1/namespaces/default/statefulsets',
      '/apis/batch/v1/namespaces/default/jobs',
      '/apis/batch/v1/namespaces/default/cronjobs',
    ])('of %s', async (path) => {
      const answer = await cluster().get(path);
      expect(answer.status).toBe(200);
      expect(metaOf(answer).resourceVersion).toEqual(VERSION);
      expect(Array.isArray(itemsOf(answer))).toBe(true);
    });

    it('have the endpoints of the API server', async () => {
      expect(await cluster().get('/api/v1/namespaces/default/endpoints/kubernetes')).toMatchObject({
        status: 200,
        body: { kind: 'Endpoints', metadata: { name: 'kubernetes' } },
      });
    });
  });
}
