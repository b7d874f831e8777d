import { beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type Connected, failure, type Json, MERGE, metaOf, TIME } from './cluster.ts';

/** Who may do what. */
export function accessContract(cluster: () => Connected): void {
  describe('access', () => {
    let ns = '';
    let name = '';
    const review = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
    const ask = (
      resourceAttributes: Json,
      headers: Record<string, string> = {},
    ): Promise<{ status: number; body: unknown }> =>
      cluster().send('POST', review, {
        json: { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: { resourceAttributes } },
        headers,
      });
    beforeAll(async () => {
      ns = await cluster().namespace('access');
      name = ns.split('/').at(-1) ?? '';
    });

    it('is everything for the admin', async () => {
      expect(await ask({ verb: 'create', group: 'apps', resource: 'daemonsets', namespace: name })).toMatchObject({
        status: 201,
        body: { kind: 'SelfSubjectAccessReview', status: { allowed: true } },
      });
    });

    it('is nothing for a user whom nobody has given any', async () => {
      const headers = { 'impersonate-user': 'nobody' };
      expect(await ask({ verb: 'create', resource: 'secrets', namespace: name }, headers)).toMatchObject({
        status: 201,
        body: { status: { allowed: false } },
      });
      expect(await cluster().send('GET', `${ns}/secrets`, { headers })).toMatchObject(
        failure(
          403,
          'Forbidden',
          `secrets is forbidden: User "nobody" cannot list resource "secrets" in API group "" in the namespace "${name}"`,
          { kind: 'secrets' },
        ),
      );
      expect(await cluster().send('GET', '/apis/storage.k8s.io/v1/storageclasses/a', { headers })).toMatchObject({
        status: 403,
        body: {
          message:
            'storageclasses.storage.k8s.io "a" is forbidden: User "nobody" cannot get resource "storageclasses" in API group "storage.k8s.io" at the cluster scope',
        },
      });
    });

    it.each([
      ['/api/v1/namespaces', 'namespaces'],
      ['/api/v1/nodes', 'nodes'],
      ['/apis/apps/v1/daemonsets', 'daemonsets.apps'],
      ['/apis/apps/v1/deployments', 'deployments.apps'],
      ['/apis/storage.k8s.io/v1/csidrivers', 'csidrivers.storage.k8s.io'],
      ['/apis/storage.k8s.io/v1/storageclasses', 'storageclasses.storage.k8s.io'],
    ])('is not to read %s for that user', async (path, what) => {
      const [resource = '', ...group] = what.split('.');
      expect(await cluster().send('GET', path, { headers: { 'impersonate-user': 'nobody' } })).toMatchObject(
        failure(
          403,
          'Forbidden',
          `${what} is forbidden: User "nobody" cannot list resource "${resource}" in API group "${group.join('.')}" at the cluster scope`,
          { kind: resource },
        ),
      );
    });

    it('is not to read a namespace for that user', async () => {
      expect(await cluster().send('GET', ns, { headers: { 'impersonate-user': 'nobody' } })).toMatchObject({
        status: 403,
        body: {
          message: `namespaces "${name}" is forbidden: User "nobody" cannot get resource "namespaces" in API group "" in the namespace "${name}"`,
        },
      });
    });

    it('is what a role gives, where it is bound', async () => {
      const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${name}`;
      const apiVersion = 'rbac.authorization.k8s.io/v1';
      const apiGroup = 'rbac.authorization.k8s.io';
      await cluster().post(`${rbac}/roles`, {
        apiVersion,
        kind: 'Role',
        metadata: { name: 'reader' },
        rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['list'] }],
      });
      await cluster().post(`${rbac}/rolebindings`, {
        apiVersion,
        kind: 'RoleBinding',
        metadata: { name: 'reader' },
        roleRef: { apiGroup, kind: 'Role', name: 'reader' },
        subjects: [{ apiGroup, kind: 'User', name: 'reader' }],
      });
      const headers = { 'impersonate-user': 'reader' };
      // Rights are known a moment after they were given.
      for (const end = Date.now() + 10_000; ;) {
        const { status } = await cluster().send('GET', `${ns}/secrets`, { headers });
        if (status === 200) break;
        expect(Date.now()).toBeLessThan(end);
      }
      expect((await cluster().send('GET', `${ns}/secrets/a`, { headers })).status).toBe(403);
    });

    it('is not given to a token that nobody knows', async () => {
      const headers = { authorization: 'Bearer nonsense' };
      expect(await cluster().send('GET', '/api/v1/nodes', { headers, anonymous: true })).toMatchObject(
        failure(401, 'Unauthorized', 'Unauthorized'),
      );
    });

    it('has Leases, which their holders renew', async () => {
      const leases = `/apis/coordination.k8s.io/v1/namespaces/${name}/leases`;
      const renewTime = '2026-01-01T00:00:00.000000Z';
      const lease = (holderIdentity: string): Json => ({
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: { name: 'run' },
        spec: { holderIdentity, leaseDurationSeconds: 30, renewTime },
      });
      expect(await cluster().post(leases, lease('a'))).toMatchObject({
        status: 201,
        body: { metadata: { creationTimestamp: TIME }, spec: { holderIdentity: 'a', renewTime } },
      });
      expect((await cluster().post(leases, lease('b'))).status).toBe(409);
      const held = await cluster().get(`${leases}/run`);
      expect(held).toMatchObject({ status: 200, body: { spec: { holderIdentity: 'a', leaseDurationSeconds: 30 } } });
      // Whoever takes it over says which version it saw, so that only one does.
      const { resourceVersion } = metaOf(held);
      const take = (holderIdentity: string): Promise<Answer> =>
        cluster().patch(`${leases}/run`, MERGE, { metadata: { resourceVersion }, spec: { holderIdentity } });
      expect(await take('b')).toMatchObject({ status: 200, body: { spec: { holderIdentity: 'b', renewTime } } });
      expect(await take('c')).toMatchObject({ status: 409, body: { reason: 'Conflict' } });
      expect((await cluster().get(`${leases}/none`)).status).toBe(404);
      expect((await cluster().delete(`${leases}/run`)).status).toBe(200);
    });
  });
}
