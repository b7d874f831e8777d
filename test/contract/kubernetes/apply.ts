import { beforeAll, describe, expect, it } from 'vitest';
import { configMap, type Connected, failure, type Json, type Metadata, metaOf } from './cluster.ts';

/** Server-side apply: who owns a field, and what happens to it. */
export function applyContract(cluster: () => Connected): void {
  describe('server-side apply', () => {
    let ns = '';
    let maps = '';
    beforeAll(async () => {
      ns = await cluster().namespace('apply');
      maps = `${ns}/configmaps`;
    });
    const managers = (metadata: Metadata): string[] =>
      (metadata.managedFields ?? []).map(({ manager, operation }) => `${manager} ${operation}`);

    it('makes an object, then changes it', async () => {
      const made = await cluster().apply(`${maps}/a`, 'one', configMap('a', { x: '1' }));
      expect(made.status).toBe(201);
      expect(metaOf(made).managedFields).toMatchObject([
        { manager: 'one', operation: 'Apply', fieldsV1: { 'f:data': { 'f:x': {} } } },
      ]);
      const changed = await cluster().apply(`${maps}/a`, 'one', configMap('a', { x: '2' }));
      expect(changed).toMatchObject({ status: 200, body: { data: { x: '2' } } });
    });

    it('that changes nothing makes no new version', async () => {
      const first = await cluster().apply(`${maps}/still`, 'one', configMap('still', { x: '1' }));
      const second = await cluster().apply(`${maps}/still`, 'one', configMap('still', { x: '1' }));
      expect(second.status).toBe(200);
      expect(metaOf(second).resourceVersion).toBe(metaOf(first).resourceVersion);
    });

    it('in a dry run shows what would be, and changes nothing', async () => {
      const made = await cluster().apply(`${maps}/dry`, 'one', configMap('dry', { x: '1' }));
      const dry = await cluster().apply(`${maps}/dry`, 'one', configMap('dry', { x: '2' }), '&dryRun=All');
      expect(dry).toMatchObject({ status: 200, body: { data: { x: '2' } } });
      expect(metaOf(dry)).toMatchObject({ uid: metaOf(made).uid, resourceVersion: metaOf(made).resourceVersion });
      expect((await cluster().get(`${maps}/dry`)).body).toEqual(made.body);
      // A conflict shows already here.
      const other = configMap('dry', { x: '3' });
      expect((await cluster().apply(`${maps}/dry`, 'two', other, '&dryRun=All')).status).toBe(409);
    });

    it('is refused where a field is somebody else’s, who is named', async () => {
      await cluster().apply(`${maps}/conflict`, 'one', configMap('conflict', { x: '1', y: '1' }));
      const refused = await cluster().apply(`${maps}/conflict`, 'two', configMap('conflict', { x: '2', y: '2' }));
      const cause = (field: string): Json => ({
        reason: 'FieldManagerConflict',
        message: 'conflict with "one"',
        field,
      });
      expect(refused).toMatchObject(
        failure(409, 'Conflict', 'Apply failed with 2 conflicts: conflicts with "one":\n- .data.x\n- .data.y', {
          causes: [cause('.data.x'), cause('.data.y')],
        }),
      );
      expect((await cluster().get(`${maps}/conflict`)).body).toMatchObject({ data: { x: '1', y: '1' } });
    });

    it('of the same value shares the field', async () => {
      await cluster().apply(`${maps}/shared`, 'one', configMap('shared', { x: '1' }));
      const both = await cluster().apply(`${maps}/shared`, 'two', configMap('shared', { x: '1' }));
      expect(both.status).toBe(200);
      expect(managers(metaOf(both)).sort()).toEqual(['one Apply', 'two Apply']);
      // A field stays until its last owner leaves it out.
      const left = await cluster().apply(`${maps}/shared`, 'one', configMap('shared'));
      expect(left.body).toMatchObject({ data: { x: '1' } });
      const gone = await cluster().apply(`${maps}/shared`, 'two', configMap('shared'));
      expect((gone.body as Json)['data']).toBeUndefined();
    });

    it('by force takes the field', async () => {
      await cluster().apply(`${maps}/force`, 'one', configMap('force', { x: '1', y: '1' }));
      const forced = await cluster().apply(`${maps}/force`, 'two', configMap('force', { x: '2' }), '&force=true');
      expect(forced).toMatchObject({ status: 200, body: { data: { x: '2', y: '1' } } });
      expect(metaOf(forced).managedFields).toMatchObject([
        { manager: 'one', fieldsV1: { 'f:data': { 'f:y': {} } } },
        { manager: 'two', fieldsV1: { 'f:data': { 'f:x': {} } } },
      ]);
    });

    it('conflicts with what was changed by hand, too', async () => {
      await cluster().apply(`${maps}/hand`, 'one', configMap('hand', { x: '1' }));
      const json = configMap('hand', { x: '2' });
      await cluster().send('PUT', `${maps}/hand?fieldManager=editor`, { json });
      const refused = await cluster().apply(`${maps}/hand`, 'one', configMap('hand', { x: '1' }));
      expect(refused).toMatchObject({
        status: 409,
        body: {
          message: expect.stringMatching(
            /^Apply failed with 1 conflict: conflict with "editor" using v1: \.data\.x$/,
          ) as string,
        },
      });
    });

    it('merges lists by their keys', async () => {
      const container = (name: string, more: Json = {}): Json => ({ name, image: 'busybox:1.36', ...more });
      const deployment = (containers: Json[]): Json => ({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'keys' },
        spec: {
          replicas: 0,
          selector: { matchLabels: { app: 'keys' } },
          template: { metadata: { labels: { app: 'keys' } }, spec: { containers } },
        },
      });
      const path = `/apis/apps/v1/namespaces/${ns.split('/').at(-1) ?? ''}/deployments/keys`;
      await cluster().apply(path, 'one', deployment([container('a'), container('b')]));
      await cluster().apply(
        path,
        'two',
        { ...deployment([]), spec: { template: { spec: { containers: [container('b', { stdin: true })] } } } },
        '&force=true',
      );
      const names = async (): Promise<unknown[]> => {
        const { body } = await cluster().get(path);
        const { spec } = body as { spec: { template: { spec: { containers: Json[] } } } };
        return spec.template.spec.containers.map(({ name, stdin }) => (stdin ? `${String(name)} stdin` : name));
      };
      expect(await names()).toEqual(['a', 'b stdin']);
      // `a` had one owner, `b` has another one left.
      await cluster().apply(path, 'one', deployment([container('c')]));
      expect((await names()).sort()).toEqual(['b stdin', 'c']);
    });

    it('needs a manager, and the name of the path', async () => {
      expect(await cluster().patch(`${maps}/none`, 'application/apply-patch+yaml', configMap('none'))).toMatchObject({
        status: 422,
        body: {
          details: {
            causes: [{ field: 'fieldManager', message: 'Required value: is required for apply patch' }],
          },
        },
      });
      expect(await cluster().apply(`${maps}/this`, 'one', configMap('that'))).toMatchObject({ status: 400 });
    });

    it('reads strictly where that is asked for', async () => {
      const object = { ...configMap('strict'), datum: {} };
      expect(await cluster().apply(`${maps}/strict`, 'one', object, '&fieldValidation=Strict')).toMatchObject({
        // A real server has no better status for it.
        status: 500,
        body: {
          message:
            'failed to create typed patch object (/strict; /v1, Kind=ConfigMap): .datum: field not declared in schema',
        },
      });
    });

    it('is for the object of a uid alone where one is given', async () => {
      const uid = '11111111-1111-1111-1111-111111111111';
      const object = configMap('uid', { x: '1' }, { uid });
      expect(await cluster().apply(`${maps}/uid`, 'one', object)).toMatchObject({
        status: 409,
        body: {
          reason: 'Conflict',
          message: expect.stringContaining(`uid mismatch: the provided object specified uid ${uid}`) as string,
        },
      });
      await cluster().apply(`${maps}/uid`, 'one', configMap('uid', { x: '1' }));
      expect(await cluster().apply(`${maps}/uid`, 'one', object, '&force=true')).toMatchObject({
        status: 422,
        body: {
          details: { causes: expect.arrayContaining([expect.objectContaining({ field: 'metadata.uid' })]) as unknown },
        },
      });
    });

    it('takes YAML', async () => {
      const yaml = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: yaml\ndata:\n  x: "1"\n';
      expect(await cluster().apply(`${maps}/yaml`, 'one', yaml)).toMatchObject({
        status: 201,
        body: { data: { x: '1' } },
      });
    });
  });
}
