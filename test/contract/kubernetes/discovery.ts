import { describe, expect, it } from 'vitest';
import { type Connected, type Json } from './cluster.ts';

/** What a client asks before anything else. */
export function discoveryContract(cluster: () => Connected): void {
  describe('discovery', () => {
    it('tells its version', async () => {
      const { status, body } = await cluster().get('/version');
      expect(status).toBe(200);
      expect(body).toMatchObject({
        major: '1',
        minor: expect.stringMatching(/^\d+/) as string,
        gitVersion: expect.stringMatching(/^v1\.\d+\.\d+/) as string,
      });
    });

    it('lists the versions of the core group and all other groups', async () => {
      const core = await cluster().get('/api');
      expect(core.body).toMatchObject({ kind: 'APIVersions', versions: ['v1'] });
      const groups = await cluster().get('/apis');
      expect(groups.body).toMatchObject({ kind: 'APIGroupList', apiVersion: 'v1' });
      const names = (groups.body as { groups: { name: string; preferredVersion: Json }[] }).groups;
      for (const name of ['apps', 'batch', 'policy', 'rbac.authorization.k8s.io', 'storage.k8s.io']) {
        expect(names.find((one) => one.name === name)?.preferredVersion).toEqual({
          groupVersion: `${name}/v1`,
          version: 'v1',
        });
      }
    });

    it('tells everything in one answer to those that ask for it', async () => {
      const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';
      const { status, headers, body } = await cluster().send('GET', '/apis', { headers: { accept } });
      expect(status).toBe(200);
      expect(headers['content-type']).toBe('application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList');
      expect(body).toMatchObject({ kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2' });
    });

    it('lists the versions of a group', async () => {
      const { status, body } = await cluster().get('/apis/storage.k8s.io');
      expect(status).toBe(200);
      const { versions } = body as { versions: Json[] };
      expect(body).toMatchObject({ kind: 'APIGroup', apiVersion: 'v1', name: 'storage.k8s.io' });
      expect(versions).toContainEqual({ groupVersion: 'storage.k8s.io/v1', version: 'v1' });
    });

    it('lists the resources of a version', async () => {
      const core = await cluster().get('/api/v1');
      expect(core).toMatchObject({ status: 200, body: { kind: 'APIResourceList', groupVersion: 'v1' } });
      expect((core.body as { resources: Json[] }).resources).toContainEqual(
        expect.objectContaining({ name: 'resourcequotas', namespaced: true, kind: 'ResourceQuota' }),
      );
      const { body } = await cluster().get('/apis/apps/v1');
      const { resources } = body as { resources: Json[] };
      expect(resources.find(({ name }) => name === 'daemonsets')).toMatchObject({
        singularName: 'daemonset',
        namespaced: true,
        kind: 'DaemonSet',
        verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
        shortNames: ['ds'],
      });
      expect(resources.find(({ name }) => name === 'daemonsets/status')).toMatchObject({
        verbs: ['get', 'patch', 'update'],
      });
    });

    it('has a text for what nobody serves', async () => {
      const nothing = { status: 404, body: '404 page not found\n' };
      expect(await cluster().get('/apis/none.example.com')).toMatchObject(nothing);
      expect(await cluster().get('/apis/none.example.com/v1')).toMatchObject(nothing);
      expect(await cluster().get('/apis/none.example.com/v1/things')).toMatchObject(nothing);
      expect(await cluster().get('/apis/config.openshift.io/v1')).toMatchObject(nothing);
      const crd = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/volumesnapshots.snapshot.storage.k8s.io';
      if ((await cluster().get(crd)).status === 200) return;
      // A cluster without snapshots says so in this way.
      expect(await cluster().get('/apis/snapshot.storage.k8s.io')).toMatchObject(nothing);
      for (const path of ['', '/volumesnapshotclasses', '/volumesnapshotcontents', '/volumesnapshots']) {
        expect(await cluster().get(`/apis/snapshot.storage.k8s.io/v1${path}`)).toMatchObject(nothing);
      }
    });
  });
}
