import { beforeAll, describe, expect, it } from 'vitest';
import { configMap, type Connected, failure, MERGE, metaOf, namespaceOf, TIME } from './cluster.ts';

/** Deletion, what holds it up and what follows it. */
export function deletionContract(cluster: () => Connected): void {
  describe('deletion', () => {
    let ns = '';
    let maps = '';
    beforeAll(async () => {
      ns = await cluster().namespace('deletion');
      maps = `${ns}/configmaps`;
    });

    it('answers with a Status that names what is gone', async () => {
      const { uid } = metaOf(await cluster().post(maps, configMap('a')));
      expect(await cluster().delete(`${maps}/a`)).toMatchObject({
        status: 200,
        body: { kind: 'Status', status: 'Success', details: { name: 'a', kind: 'configmaps', uid } },
      });
    });

    it('is for the object of a uid alone where one is given', async () => {
      const { uid } = metaOf(await cluster().post(maps, configMap('uid')));
      const other = '11111111-1111-1111-1111-111111111111';
      expect(await cluster().delete(`${maps}/uid`, { preconditions: { uid: other } })).toMatchObject(
        failure(
          409,
          'Conflict',
          `Operation cannot be fulfilled on ConfigMap "uid": the UID in the precondition (${other}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`,
        ),
      );
      expect((await cluster().delete(`${maps}/uid`, { preconditions: { uid } })).status).toBe(200);
    });

    it('is for the version that was read where one is given', async () => {
      const { resourceVersion } = metaOf(await cluster().post(maps, configMap('version')));
      const { resourceVersion: now } = metaOf(await cluster().patch(`${maps}/version`, MERGE, { data: { a: '1' } }));
      const old = await cluster().delete(`${maps}/version`, { preconditions: { resourceVersion } });
      expect(old).toMatchObject(
        failure(
          409,
          'Conflict',
          `Operation cannot be fulfilled on ConfigMap "version": the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${now}). The object might have been modified`,
        ),
      );
      expect((await cluster().get(`${maps}/version`)).status).toBe(200);
    });

    it('waits for finalizers', async () => {
      await cluster().post(maps, configMap('held', undefined, { finalizers: ['example.com/hold'] }));
      const held = await cluster().delete(`${maps}/held`);
      expect(held).toMatchObject({
        status: 200,
        body: { kind: 'ConfigMap', metadata: { deletionTimestamp: TIME, finalizers: ['example.com/hold'] } },
      });
      expect((await cluster().get(`${maps}/held`)).status).toBe(200);
      await cluster().patch(`${maps}/held`, MERGE, { metadata: { finalizers: null } });
      expect((await cluster().get(`${maps}/held`)).status).toBe(404);
    });

    it('does nothing in a dry run', async () => {
      await cluster().post(maps, configMap('dry'));
      expect((await cluster().delete(`${maps}/dry?dryRun=All`)).status).toBe(200);
      expect((await cluster().get(`${maps}/dry`)).status).toBe(200);
    });

    it('takes along what is owned', async () => {
      const { uid } = metaOf(await cluster().post(maps, configMap('owner')));
      const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid }];
      await cluster().post(maps, configMap('owned', undefined, { ownerReferences }));
      await cluster().delete(`${maps}/owner`);
      await cluster().until(`${maps}/owned`, ({ status }) => status === 404);
    });

    it('of many at once follows a selector', async () => {
      await cluster().post(maps, configMap('many1', undefined, { labels: { many: 'yes' } }));
      await cluster().post(maps, configMap('many2', undefined, { labels: { many: 'yes' } }));
      expect((await cluster().delete(`${maps}?labelSelector=many%3Dyes`)).status).toBe(200);
      expect((await cluster().get(`${maps}/many1`)).status).toBe(404);
    });

    it('of a namespace empties it, then ends it', async () => {
      const name = `${cluster().prefix}-gone`;
      const path = `/api/v1/namespaces/${name}`;
      await cluster().post('/api/v1/namespaces', namespaceOf(name));
      await cluster().post(`${path}/configmaps`, configMap('a', undefined, { finalizers: ['example.com/hold'] }));
      expect(await cluster().delete(path)).toMatchObject({
        status: 200,
        body: { kind: 'Namespace', metadata: { deletionTimestamp: TIME }, status: { phase: 'Terminating' } },
      });
      await cluster().until(`${path}/configmaps/a`, (answer) => metaOf(answer).deletionTimestamp !== undefined);
      expect(await cluster().post(`${path}/configmaps`, configMap('b'))).toMatchObject({
        status: 403,
        body: {
          message: `configmaps "b" is forbidden: unable to create new content in namespace ${name} because it is being terminated`,
          details: { causes: [{ reason: 'NamespaceTerminating' }] },
        },
      });
      await cluster().patch(`${path}/configmaps/a`, MERGE, { metadata: { finalizers: null } });
      await cluster().until(path, ({ status }) => status === 404);
    });
  });
}
