import { beforeAll, describe, expect, it } from 'vitest';
import { badRequest, notFound, TIME, UUID, type Answer, type Connected } from './cloud.ts';
import { shareOf } from './shares.ts';

interface Rule {
  id: string;
  access_to: string;
  access_type: string;
  state: string;
  access_key: string | null;
}

/** Access rules of shares. */
export function accessContract(cloud: () => Connected): void {
  describe('Manila: access rules', () => {
    let id = '';
    const action = (json: object, version = '2.73', share = id): Promise<Answer> =>
      cloud().alice.manila('POST', `/shares/${share}/action`, { json, version });
    const allow = (rule: object, version?: string): Promise<Answer> => action({ allow_access: rule }, version);
    const deny = (ruleId: string): Promise<Answer> => action({ deny_access: { access_id: ruleId } });
    const rules = async (share = id): Promise<Rule[]> => {
      const answer = await cloud().alice.manila('GET', `/share-access-rules?share_id=${share}`);
      return (answer.body as { access_list: Rule[] }).access_list;
    };
    const inSync = async (share = id): Promise<string> => {
      const done = await cloud().alice.until(
        `/shares/${share}`,
        (answer) => shareOf(answer)['access_rules_status'] !== 'syncing',
      );
      return String(shareOf(done)['access_rules_status']);
    };

    beforeAll(async () => {
      const typeId = await cloud().shareType('access', { share_backend_name: 'ALPHA' });
      id = await cloud().share({ share_type: typeId });
    });

    it('are queued, applied and listed', async () => {
      const { alice } = cloud();
      const made = await allow({ access_type: 'ip', access_to: '10.1.0.0/24', access_level: 'rw' });
      const rule = {
        id: UUID,
        access_level: 'rw',
        access_to: '10.1.0.0/24',
        access_type: 'ip',
        access_key: null,
        created_at: TIME,
        updated_at: null,
        metadata: {},
      };
      expect(made.status).toBe(200);
      expect(made.body).toEqual({ access: { ...rule, share_id: id, state: 'queued_to_apply' } });
      expect(await inSync()).toBe('active');
      expect(await rules()).toEqual([{ ...rule, state: 'active' }]);
      const ruleId = (await rules())[0]?.id ?? '';
      expect((await alice.manila('GET', `/share-access-rules/${ruleId}`)).body).toEqual({
        access: { ...rule, share_id: id, state: 'active' },
      });
      expect(await cloud().bob.manila('GET', `/share-access-rules?share_id=${id}`)).toMatchObject(
        badRequest(`Share ${id} not found.`),
      );
      expect(await alice.manila('GET', '/share-access-rules')).toMatchObject(
        badRequest("The field 'share_id' has to be specified."),
      );
    });

    it('are listed by an action before 2.45', async () => {
      const old = await action({ access_list: null }, '2.37');
      expect(old).toMatchObject({
        status: 200,
        body: { access_list: [{ access_to: '10.1.0.0/24', state: 'active' }] },
      });
      expect(await action({ access_list: null })).toMatchObject(notFound());
      expect(await action({ 'os-access_list': null }, '2.6')).toMatchObject({ status: 200 });
    });

    it('exist once, and only for good targets', async () => {
      const exists = (to: string): object => badRequest(`Share access ip:${to} exists.`);
      expect(await allow({ access_type: 'ip', access_to: '10.1.0.0/24' })).toMatchObject(exists('10.1.0.0/24'));
      expect(await allow({ access_type: 'ip', access_to: '10.1.0.1/24' })).toMatchObject(
        badRequest('10.1.0.1/24 has host bits set'),
      );
      expect(await allow({ access_type: 'ip', access_to: 'node-1' })).toMatchObject(
        badRequest("'node-1' does not appear to be an IPv4 or IPv6 network"),
      );
      expect(await allow({ access_type: 'ip', access_to: '10.9.9.9', access_level: 'xx' })).toMatchObject(
        badRequest('Invalid access rule: Invalid share access level: xx.'),
      );
      expect(await allow({ access_type: 'foo', access_to: 'x' })).toMatchObject(
        badRequest("Only 'ip', 'user', 'cert' or 'cephx' access types are supported."),
      );
      expect(await allow({ access_type: 'cephx', access_to: 'a.b' })).toMatchObject(
        badRequest('Ceph IDs may not contain periods.'),
      );
      await allow({ access_type: 'ip', access_to: '10.9.9.9' });
      expect(await inSync()).toBe('active');
      expect(await allow({ access_type: 'ip', access_to: '10.9.9.9/32' })).toMatchObject(exists('10.9.9.9/32'));
      expect(
        await action({ allow_access: { access_type: 'ip', access_to: '1.1.1.1' } }, '2.73', 'nosuch'),
      ).toMatchObject({
        status: 404,
      });
    });

    it('are denied one by one', async () => {
      const rule = (await rules()).find(({ access_to: to }) => to === '10.9.9.9');
      expect(await deny(rule?.id ?? '')).toMatchObject({ status: 202, text: '' });
      expect(await inSync()).toBe('active');
      expect((await rules()).map(({ access_to: to }) => to)).toEqual(['10.1.0.0/24']);
      expect(await deny('nosuch')).toMatchObject(notFound('Resource could not be found.'));
    });

    it('of a kind that the driver does not take end in error, and the share with them until they are denied', async () => {
      expect(await allow({ access_type: 'cephx', access_to: 'bob' })).toMatchObject({ status: 200 });
      expect(await inSync()).toBe('error');
      const wrong = (await rules()).find(({ access_type: type }) => type === 'cephx');
      expect(wrong?.state).toBe('error');
      expect(await allow({ access_type: 'ip', access_to: '10.2.0.0/24' }, '2.27')).toMatchObject({ status: 400 });
      await deny(wrong?.id ?? '');
      await cloud().alice.until(`/shares/${id}`, (answer) => shareOf(answer)['access_rules_status'] === 'active');
    });

    it('carry metadata that can be searched for', async () => {
      const { alice } = cloud();
      await allow({ access_type: 'ip', access_to: '10.3.0.0/24', metadata: { node: 'one' } });
      expect(await inSync()).toBe('active');
      const filter = encodeURIComponent("{'node': 'one'}");
      expect(await alice.manila('GET', `/share-access-rules?share_id=${id}&metadata=${filter}`)).toMatchObject({
        body: { access_list: [{ access_to: '10.3.0.0/24', metadata: { node: 'one' } }] },
      });
    });

    it('of CephFS shares get a key', async () => {
      const typeId = await cloud().shareType('ceph', { share_backend_name: 'DELTA' });
      const share = await cloud().share({ share_type: typeId, share_proto: 'CEPHFS' });
      const locations = await cloud().alice.manila('GET', `/shares/${share}/export_locations`);
      const monitors =
        /^10\.0\.0\.10:6789,10\.0\.0\.11:6789,10\.0\.0\.12:6789:\/volumes\/_nogroup\/[0-9a-f-]{36}\/[0-9a-f]{32}$/;
      expect(locations.body).toEqual({
        export_locations: [{ id: UUID, path: expect.stringMatching(monitors) as string, preferred: false }],
      });
      await action({ allow_access: { access_type: 'cephx', access_to: 'alice', access_level: 'ro' } }, '2.73', share);
      expect(await inSync(share)).toBe('active');
      expect(await rules(share)).toMatchObject([
        { state: 'active', access_level: 'ro', access_key: expect.stringMatching(/^AQ[\w+/]{34,}={0,2}$/) as string },
      ]);
    });
  });
}
