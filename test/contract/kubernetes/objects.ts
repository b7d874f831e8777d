import { beforeAll, describe, expect, it } from 'vitest';
import { configMap, type Connected, failure, metaOf, notFound, TIME, UUID, VERSION } from './cluster.ts';

/** Objects from creation to deletion, and the words for what is wrong with them. */
export function objectContract(cluster: () => Connected): void {
  describe('objects', () => {
    let ns = '';
    let maps = '';
    beforeAll(async () => {
      ns = await cluster().namespace('objects');
      maps = `${ns}/configmaps`;
    });

    it('are given a uid, a version and a time', async () => {
      const made = await cluster().post(maps, configMap('made', { a: '1' }));
      expect(made).toMatchObject({ status: 201, body: { kind: 'ConfigMap', apiVersion: 'v1', data: { a: '1' } } });
      expect(metaOf(made)).toMatchObject({
        name: 'made',
        namespace: ns.split('/').at(-1),
        uid: UUID,
        resourceVersion: VERSION,
        creationTimestamp: TIME,
      });
      expect((await cluster().get(`${maps}/made`)).body).toEqual(made.body);
    });

    it('may be given the end of their names', async () => {
      const made = await cluster().post(maps, { ...configMap(''), metadata: { generateName: 'run-' } });
      expect(made.status).toBe(201);
      expect(metaOf(made).name).toMatch(/^run-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
    });

    it('have names that are there once', async () => {
      await cluster().post(maps, configMap('once'));
      expect(await cluster().post(maps, configMap('once'))).toMatchObject(
        failure(409, 'AlreadyExists', 'configmaps "once" already exists', { name: 'once', kind: 'configmaps' }),
      );
    });

    it('are not found with a Status', async () => {
      expect(await cluster().get(`${maps}/none`)).toMatchObject(notFound('configmaps', 'none'));
      expect(await cluster().delete(`${maps}/none`)).toMatchObject(notFound('configmaps', 'none'));
      expect(await cluster().get('/apis/storage.k8s.io/v1/storageclasses/none')).toMatchObject(
        notFound('storageclasses', 'none', 'storage.k8s.io'),
      );
      expect(await cluster().post('/api/v1/namespaces/none/configmaps', configMap('a'))).toMatchObject(
        notFound('namespaces', 'none'),
      );
    });

    it('are replaced in the version that was read, and in no other', async () => {
      const first = await cluster().post(maps, configMap('versions', { a: '1' }));
      const { resourceVersion } = metaOf(first);
      const put = (data: object): Promise<unknown> =>
        cluster().send('PUT', `${maps}/versions`, { json: configMap('versions', { ...data }, { resourceVersion }) });
      expect(await put({ a: '2' })).toMatchObject({ status: 200, body: { data: { a: '2' } } });
      const message =
        'Operation cannot be fulfilled on configmaps "versions": the object has been modified; please apply your changes to the latest version and try again';
      expect(await put({ a: '3' })).toMatchObject(
        failure(409, 'Conflict', message, { name: 'versions', kind: 'configmaps' }),
      );
    });

    it('are replaced where they are the one of a uid, if one is given', async () => {
      const { uid } = metaOf(await cluster().post(maps, configMap('same-uid', { a: '1' })));
      const put = (metadata: object): Promise<unknown> =>
        cluster().send('PUT', `${maps}/same-uid`, { json: configMap('same-uid', { a: '2' }, { ...metadata }) });
      const other = '11111111-1111-1111-1111-111111111111';
      expect(await put({ uid: other })).toMatchObject({
        status: 409,
        body: {
          reason: 'Conflict',
          message: expect.stringContaining(
            `Precondition failed: UID in precondition: ${other}, UID in object meta: ${uid}`,
          ) as string,
        },
      });
      expect((await cluster().get(`${maps}/same-uid`)).body).toMatchObject({ data: { a: '1' } });
      expect(await put({ uid })).toMatchObject({ status: 200, body: { data: { a: '2' } } });
    });

    it('keep their version where nothing changes', async () => {
      const made = await cluster().post(maps, configMap('same', { a: '1' }));
      const put = await cluster().send('PUT', `${maps}/same`, { json: configMap('same', { a: '1' }) });
      expect(metaOf(put).resourceVersion).toBe(metaOf(made).resourceVersion);
    });

    it('are not kept in a dry run', async () => {
      const dry = await cluster().post(`${maps}?dryRun=All`, configMap('dry'));
      expect(dry).toMatchObject({ status: 201, body: { metadata: { name: 'dry', uid: UUID } } });
      expect(metaOf(dry).resourceVersion).toBeUndefined();
      expect((await cluster().get(`${maps}/dry`)).status).toBe(404);
    });

    it('are read strictly where that is asked for', async () => {
      const text =
        '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"strict","foo":1},"datum":{},"data":{"a":"1","a":"2"}}';
      const strict = await cluster().send('POST', `${maps}?fieldValidation=Strict`, { json: text });
      expect(strict).toMatchObject({
        status: 400,
        body: {
          reason: 'BadRequest',
          message:
            'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "metadata.foo", unknown field "datum", duplicate field "data.a"',
        },
      });
      const warned = await cluster().send('POST', maps, { json: text });
      expect(warned.status).toBe(201);
      expect(warned.headers.warning).toContain('299 - "unknown field \\"datum\\""');
    });

    it('are refused with a cause a field', async () => {
      const name = 'A_b';
      const why =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
      expect(await cluster().post(maps, configMap(name))).toMatchObject(
        failure(422, 'Invalid', `ConfigMap "${name}" is invalid: metadata.name: Invalid value: "${name}": ${why}`, {
          name,
          kind: 'ConfigMap',
          causes: [
            { reason: 'FieldValueInvalid', message: `Invalid value: "${name}": ${why}`, field: 'metadata.name' },
          ],
        }),
      );
      const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { containers: [] } };
      expect(await cluster().post(`${ns}/pods`, pod)).toMatchObject({
        status: 422,
        body: {
          details: { causes: [{ reason: 'FieldValueRequired', message: 'Required value', field: 'spec.containers' }] },
        },
      });
    });

    it('have fields that stay as they were', async () => {
      const path = '/apis/storage.k8s.io/v1/storageclasses';
      const name = `${cluster().prefix}-fixed`;
      const of = (parameters: object): object => ({
        apiVersion: 'storage.k8s.io/v1',
        kind: 'StorageClass',
        metadata: { name },
        provisioner: 'none.example.com',
        parameters,
      });
      cluster().atEnd(() => cluster().delete(`${path}/${name}`));
      expect(await cluster().post(path, of({ a: '1' }))).toMatchObject({
        status: 201,
        body: { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' },
      });
      expect(await cluster().apply(`${path}/${name}`, 'test', of({ a: '2' }), '&force=true')).toMatchObject({
        status: 422,
        body: {
          reason: 'Invalid',
          message: expect.stringContaining('parameters: Forbidden: updates to parameters are forbidden.') as string,
        },
      });
    });
  });
}
