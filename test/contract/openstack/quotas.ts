import { beforeAll, describe, expect, it } from 'vitest';
import { badRequest, forbidden, notFound, overLimit, type Answer, type Connected, type Login } from './cloud.ts';

/** Quotas of projects, users and share types, in a project of the run's own. */
export function quotaContract(cloud: () => Connected): void {
  describe('Manila: quotas', () => {
    let projectId = '';
    let tenant: Login;
    let typeId = '';
    const set = (): string => `/quota-sets/${projectId}`;
    const get = (query = ''): Promise<Answer> => cloud().admin.manila('GET', `${set()}${query}`);
    const put = (quotas: object, query = ''): Promise<Answer> =>
      cloud().admin.manila('PUT', `${set()}${query}`, { json: { quota_set: quotas } });
    const ofType = (): string => `?share_type=${typeId}`;
    const size = (gigabytes: number): Promise<Answer> =>
      tenant.manila('POST', '/shares', {
        json: { share: { name: `${cloud().prefix}-q`, share_proto: 'NFS', size: gigabytes, share_type: typeId } },
      });
    const defaults = {
      shares: 50,
      gigabytes: 1000,
      snapshots: 50,
      snapshot_gigabytes: 1000,
      share_networks: 10,
      share_groups: 50,
      share_group_snapshots: 50,
      share_replicas: 100,
      replica_gigabytes: 1000,
      per_share_gigabytes: -1,
    };

    beforeAll(async () => {
      const { admin, alice, prefix, password } = cloud();
      const made = await admin.keystone('POST', '/projects', { json: { project: { name: `${prefix}-quotas` } } });
      projectId = (made.body as { project: { id: string } }).project.id;
      cloud().atEnd(() => admin.keystone('DELETE', `/projects/${projectId}`));
      const roles = await admin.keystone('GET', '/roles?name=member');
      const roleId = (roles.body as { roles: { id: string }[] }).roles[0]?.id ?? '';
      await admin.keystone('PUT', `/projects/${projectId}/users/${alice.userId}/roles/${roleId}`);
      const answer = await cloud().authenticate({ id: alice.userId, password }, { project: { id: projectId } });
      tenant = cloud().loginOf(answer);
      typeId = await cloud().shareType('quota', { share_backend_name: 'ALPHA' });
      cloud().atEnd(() => admin.manila('DELETE', set()));
    });

    it('are the defaults until they are set, also for projects that nobody knows', async () => {
      expect(await get()).toMatchObject({ status: 200, body: { quota_set: { id: projectId, ...defaults } } });
      expect(await get('/defaults')).toMatchObject({ body: { quota_set: { id: projectId, ...defaults } } });
      const unknown = await cloud().admin.manila('GET', '/quota-sets/nosuch');
      expect(unknown).toMatchObject({ status: 200, body: { quota_set: { id: 'nosuch', shares: 50 } } });
      expect(await cloud().admin.manila('GET', '/quota-class-sets/default')).toMatchObject({
        body: { quota_class_set: { id: 'default', ...defaults } },
      });
    });

    it('grow keys with the microversion', async () => {
      const keys = async (version: string): Promise<string[]> => {
        const answer = await cloud().admin.manila('GET', set(), { version });
        return Object.keys((answer.body as { quota_set: object }).quota_set);
      };
      expect(await keys('2.39')).not.toContain('share_groups');
      expect(await keys('2.40')).toContain('share_groups');
      expect(await keys('2.52')).not.toContain('share_replicas');
      expect(await keys('2.53')).toContain('share_replicas');
      expect(await keys('2.61')).not.toContain('per_share_gigabytes');
      expect(await keys('2.62')).toContain('per_share_gigabytes');
      expect(await cloud().admin.manila('GET', set(), { version: '2.6' })).toMatchObject(notFound());
      expect(await cloud().admin.manila('GET', `${set()}/detail`, { version: '2.24' })).toMatchObject(notFound());
      expect(await cloud().admin.manila('GET', `${set()}${ofType()}`, { version: '2.38' })).toMatchObject({
        status: 400,
      });
    });

    it('are set by administrators, with whole numbers from -1 and known names only', async () => {
      const changed = await put({ shares: 5, gigabytes: '100' });
      expect(changed).toMatchObject({ status: 200, body: { quota_set: { shares: 5, gigabytes: 100, snapshots: 50 } } });
      expect(changed.body).not.toHaveProperty('quota_set.id');
      expect(await put({})).toMatchObject(badRequest('Must supply at least one quota field to update.'));
      expect(await put({ shares: 5, foo: 1 })).toMatchObject(badRequest('Bad key(s) foo in quota_set.'));
      expect(await put({ shares: 'abc' })).toMatchObject(badRequest("Quota 'abc' for shares should be integer."));
      expect(await put({ shares: -2 })).toMatchObject(badRequest('Quota limit must be -1 or greater.'));
      expect(await put({ gigabytes: 90, shares: -2 })).toMatchObject({ status: 400 });
      expect(await get()).toMatchObject({ body: { quota_set: { gigabytes: 90, shares: 5 } } });
      expect(await tenant.manila('PUT', set(), { json: { quota_set: { shares: 9 } } })).toMatchObject(forbidden());
      expect(await tenant.manila('GET', set())).toMatchObject({ status: 200 });
      expect(await cloud().bob.manila('GET', set())).toMatchObject(forbidden());
    });

    it('of a share type stay within the project, inherit from it, and know no networks and groups', async () => {
      expect(await get(ofType())).toMatchObject({ status: 200, body: { quota_set: { shares: 5, gigabytes: 90 } } });
      expect((await get(ofType())).body).not.toHaveProperty('quota_set.share_networks');
      expect(await put({ shares: 3 }, ofType())).toMatchObject({ body: { quota_set: { shares: 3 } } });
      expect(await put({ shares: 6 }, ofType())).toMatchObject(badRequest('Quota limit must be less than 5.'));
      expect(await put({ shares: -1 }, ofType())).toMatchObject(badRequest('Quota limit must be greater than 0.'));
      expect(await put({ share_networks: 1 }, ofType())).toMatchObject(
        badRequest("'share_networks' quota cannot be set for share type. It can be set only for project or user."),
      );
      expect(await put({ share_groups: 1 }, ofType())).toMatchObject(
        badRequest('Share type quotas cannot constrain share groups and share group snapshots.'),
      );
      expect(await put({ shares: 1 }, '?share_type=nosuch')).toMatchObject(
        notFound("Share type with name or id 'nosuch' not found."),
      );
      expect(await get(`${ofType()}&user_id=x`)).toMatchObject(
        badRequest("'user_id' and 'share_type' values are mutually exclusive"),
      );
      expect(await cloud().admin.manila('DELETE', `${set()}${ofType()}`)).toMatchObject({ status: 202, text: '' });
      expect(await get(ofType())).toMatchObject({ body: { quota_set: { shares: 5 } } });
    });

    it('of users add up to the least that the project can have', async () => {
      const user = `?user_id=${tenant.userId}`;
      expect(await put({ shares: 4 }, user)).toMatchObject({ body: { quota_set: { shares: 4 } } });
      expect(await put({ shares: 3 })).toMatchObject(badRequest('Quota limit must be greater than 4.'));
      await cloud().admin.manila('DELETE', `${set()}${user}`);
      expect(await put({ shares: 3 })).toMatchObject({ status: 200 });
    });

    it('say how much is used, and stop what is too much with 413, or 403 for an extension', async () => {
      await put({ shares: 2, gigabytes: 5 });
      const id = await cloud().share({ share_type: typeId, size: 2 }, tenant);
      expect(await get('/detail')).toMatchObject({
        body: {
          quota_set: {
            shares: { limit: 2, in_use: 1, reserved: 0 },
            gigabytes: { limit: 5, in_use: 2, reserved: 0 },
          },
        },
      });
      expect(await get(`/detail${ofType()}`)).toMatchObject({ body: { quota_set: { shares: { in_use: 1 } } } });
      expect(await tenant.manila('GET', '/limits')).toMatchObject({
        body: {
          limits: { rate: [], absolute: { maxTotalShares: 2, totalSharesUsed: 1, totalShareGigabytesUsed: 2 } },
        },
      });
      const large = await size(4);
      expect(large).toMatchObject(
        overLimit(
          'ShareSizeExceedsAvailableQuota: Requested share exceeds allowed project/user or share type gigabytes quota.',
        ),
      );
      expect(large.headers.get('retry-after')).toBe('0');
      expect(await tenant.manila('POST', `/shares/${id}/action`, { json: { extend: { new_size: 6 } } })).toMatchObject(
        forbidden('Requested share exceeds allowed project/user or share type gigabytes quota.'),
      );
      await put({ shares: 1 });
      expect(await size(1)).toMatchObject(
        overLimit(
          'ShareLimitExceeded: Maximum number of shares allowed (1) either per project/user or share type quota is exceeded.',
        ),
      );
      expect(await put({ gigabytes: 1 })).toMatchObject(
        badRequest('Quota value 1 for gigabytes is smaller than already used and reserved 2.'),
      );
      expect(await put({ gigabytes: 1, force: true })).toMatchObject({ body: { quota_set: { gigabytes: 1 } } });
      await put({ gigabytes: 5, per_share_gigabytes: 1, shares: 5 });
      expect(await size(2)).toMatchObject(
        overLimit('ShareSizeExceedsLimit: Requested share size 2 is larger than maximum allowed limit 1.'),
      );
    });

    it('are the defaults again once they are deleted', async () => {
      expect(await cloud().admin.manila('DELETE', set())).toMatchObject({ status: 202, text: '' });
      expect(await get()).toMatchObject({ body: { quota_set: { shares: 50, gigabytes: 1000 } } });
    });
  });
}
