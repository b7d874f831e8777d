import { beforeAll, describe, expect, it } from 'vitest';
import { type Connected, type Json, metaOf, VERSION } from './cluster.ts';

/** Kinds that a cluster is taught. */
export function customContract(cluster: () => Connected): void {
  describe('custom kinds', () => {
    let group = '';
    let ns = '';
    let things = '';
    const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    const thing = (name: string, spec: Json): Json => ({
      apiVersion: `${group}/v1`,
      kind: 'Thing',
      metadata: { name },
      spec,
    });

    beforeAll(async () => {
      ns = await cluster().namespace('custom');
      group = `${cluster().prefix}.example.com`;
      things = `/apis/${group}/v1/namespaces/${ns.split('/').at(-1) ?? ''}/things`;
      const path = `${definitions}/things.${group}`;
      const spec = {
        type: 'object',
        required: ['size'],
        properties: { size: { type: 'integer', minimum: 1 }, mode: { type: 'string', default: 'slow' } },
      };
      const schema = {
        openAPIV3Schema: {
          type: 'object',
          properties: { spec, status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        },
      };
      const made = await cluster().apply(path, 'test', {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: `things.${group}` },
        spec: {
          group,
          scope: 'Namespaced',
          names: { kind: 'Thing', plural: 'things' },
          versions: [{ name: 'v1', served: true, storage: true, schema, subresources: { status: {} } }],
        },
      });
      expect(made.status).toBe(201);
      cluster().atEnd(() => cluster().delete(path));
      await cluster().until(path, ({ body }) => JSON.stringify(body).includes('"type":"Established"'));
      // The store of a new kind begins a moment later.
      await cluster().until(things, ({ status }) => status === 200);
    });

    it('have the defaults of their schema and drop what it does not know', async () => {
      const made = await cluster().post(things, thing('a', { size: 1, colour: 'red' }));
      expect(made).toMatchObject({ status: 201, body: { metadata: { generation: 1, resourceVersion: VERSION } } });
      expect((made.body as Json)['spec']).toEqual({ size: 1, mode: 'slow' });
    });

    it('are refused where their schema says so', async () => {
      expect(await cluster().post(things, thing('b', { size: 0 }))).toMatchObject({
        status: 422,
        body: {
          message: expect.stringContaining(
            'spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1',
          ) as string,
        },
      });
      expect(await cluster().post(things, thing('b', {}))).toMatchObject({
        status: 422,
        body: { message: expect.stringContaining('spec.size: Required value') as string },
      });
    });

    it('count changes of their spec, not of their status', async () => {
      await cluster().post(things, thing('c', { size: 1 }));
      const put = async (path: string, more: Json): Promise<number | undefined> => {
        const { body } = await cluster().get(`${things}/c`);
        const answer = await cluster().send('PUT', `${things}/c${path}`, { json: { ...(body as Json), ...more } });
        return metaOf(answer).generation;
      };
      expect(await put('/status', { status: { phase: 'ready' }, spec: { size: 5 } })).toBe(1);
      expect(await put('', { spec: { size: 2 }, status: {} })).toBe(2);
      expect((await cluster().get(`${things}/c`)).body).toMatchObject({
        spec: { size: 2 },
        status: { phase: 'ready' },
      });
    });
  });
}
