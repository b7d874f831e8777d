import { beforeAll, describe, expect, it } from 'vitest';
import { badRequest, fault, forbidden, notFound, TIME, UUID, type Answer, type Connected } from './cloud.ts';

type Json = Record<string, unknown>;
export const shareOf = (answer: Answer): Json => (answer.body as { share: Json }).share;

/** Shares from creation to deletion. */
export function shareContract(cloud: () => Connected): void {
  describe('Manila: shares', () => {
    let typeId = '';
    let id = '';
    const create = (share: object): Promise<Answer> => cloud().alice.manila('POST', '/shares', { json: { share } });
    const base = (): object => ({ size: 1, share_proto: 'NFS', share_type: typeId });

    beforeAll(async () => {
      typeId = await cloud().shareType('shares', { share_backend_name: 'ALPHA', snapshot_support: 'True' });
      id = await cloud().share({ share_type: typeId, metadata: { owner: 'test' }, description: 'made by a test' });
    });

    it('are created at once and become available later', async () => {
      const { alice, prefix, manilaUrl } = cloud();
      const made = await create({ ...base(), name: `${prefix}-new` });
      const share = shareOf(made);
      const path = `/shares/${String(share['id'])}`;
      cloud().atEnd(() => alice.manila('DELETE', path));
      expect(made.status).toBe(200);
      expect(share).toEqual({
        id: UUID,
        size: 1,
        availability_zone: null,
        created_at: TIME,
        status: 'creating',
        name: `${prefix}-new`,
        description: null,
        project_id: alice.projectId,
        user_id: alice.userId,
        snapshot_id: null,
        share_network_id: null,
        share_proto: 'NFS',
        metadata: {},
        share_type: typeId,
        share_type_name: `${prefix}-shares`,
        volume_type: `${prefix}-shares`,
        links: [
          { rel: 'self', href: `${manilaUrl}${path}` },
          { rel: 'bookmark', href: `${manilaUrl.replace(/\/v2$/, '')}${path}` },
        ],
        is_public: false,
        snapshot_support: true,
        create_share_from_snapshot_support: false,
        revert_to_snapshot_support: false,
        mount_snapshot_support: false,
        task_state: null,
        access_rules_status: 'active',
        replication_type: null,
        has_replicas: false,
        share_group_id: null,
        source_share_group_snapshot_member_id: null,
        progress: null,
        is_soft_deleted: false,
        scheduled_to_be_deleted_at: null,
      });
      const ready = await cloud().settled(String(share['id']));
      expect(shareOf(ready)).toMatchObject({ status: 'available', progress: '100%', availability_zone: 'nova' });
      expect(shareOf(ready)).toMatchObject({ host: 'rwx@alpha#fake_pool_for_ALPHA', share_server_id: null });
      expect(await alice.manila('DELETE', path)).toMatchObject({ status: 202, text: '' });
      await alice.until(path, ({ status }) => status === 404);
    });

    it('are seen by their project and by administrators', async () => {
      const { alice, bob, admin } = cloud();
      expect(await alice.manila('GET', `/shares/${id}`)).toMatchObject({ status: 200 });
      expect(shareOf(await alice.manila('GET', `/shares/${id}`))).not.toHaveProperty('host');
      expect(await admin.manila('GET', `/shares/${id}`)).toMatchObject({ status: 200 });
      expect(await bob.manila('GET', `/shares/${id}`)).toMatchObject(notFound());
      expect(await bob.manila('DELETE', `/shares/${id}`)).toMatchObject(notFound());
      expect(await bob.manila('GET', `/shares/${id}/export_locations`)).toMatchObject(
        forbidden("Policy doesn't allow share:get to be performed."),
      );
      expect(await alice.manila('GET', '/shares/nosuch')).toMatchObject(notFound());
    });

    it('have export locations, one of them preferred, one for administrators', async () => {
      const path = `/shares/${id}/export_locations`;
      const own = await cloud().alice.manila('GET', path);
      const folder = /^10\.0\.0\.[12]0:\/path\/to\/fake\/share\/share_[0-9a-f_]+$/;
      const location = { id: UUID, path: expect.stringMatching(folder) as string };
      expect((own.body as { export_locations: object[] }).export_locations).toEqual([
        { ...location, preferred: true },
        { ...location, preferred: false },
      ]);
      const all = await cloud().admin.manila('GET', path);
      expect((all.body as { export_locations: object[] }).export_locations).toMatchObject([
        { is_admin_only: true, preferred: false, share_instance_id: UUID },
        { is_admin_only: false, preferred: true },
        { is_admin_only: false, preferred: false },
      ]);
      expect(await cloud().alice.manila('GET', path, { version: '2.8' })).toMatchObject(notFound());
    });

    it('are refused where the request makes no sense', async () => {
      expect(await create({ ...base(), size: 0 })).toMatchObject(
        badRequest("Invalid input received: Share size '0' must be an integer and greater than 0."),
      );
      expect(await create({ ...base(), share_proto: 'FOO' })).toMatchObject(
        badRequest(
          "Invalid input received: Invalid share protocol provided: FOO. It is either disabled or unsupported. Available protocols: ['NFS', 'CIFS', 'CEPHFS'].",
        ),
      );
      expect(await create({ ...base(), share_type: 'nosuch' })).toMatchObject(notFound('Share type not found.'));
      expect(await create({ ...base(), availability_zone: 'nosuch' })).toMatchObject(
        notFound('Availability zone %(id)s could not be found.'),
      );
      expect(await create({ ...base(), share_network_id: 'nosuch' })).toMatchObject(
        notFound('Share network nosuch could not be found.'),
      );
      expect(await create({ ...base(), is_public: true })).toMatchObject(
        forbidden("User is not authorized to set 'is_public' to True in the request."),
      );
      expect(await create({ share_proto: 'NFS', share_type: typeId })).toMatchObject({ status: 500 });
      expect(await cloud().alice.manila('POST', '/shares', { json: {} })).toMatchObject(
        fault(422, 'computeFault', 'Unable to process the contained instructions'),
      );
      const handled = await cloud().shareType('dhss', { driver_handles_share_servers: 'True' });
      expect(await create({ ...base(), share_type: handled })).toMatchObject(
        badRequest('Share network must be set when the driver_handles_share_servers is true.'),
      );
    });

    it('end in error where no back end fits, and a user message says why', async () => {
      const { alice } = cloud();
      const nowhere = await cloud().shareType('nowhere', { share_backend_name: 'NOSUCH' });
      const zone = await cloud().shareType('zone', { availability_zones: 'nosuch' });
      for (const [type, detail, filter] of [
        [nowhere, '008', 'Capabilities'],
        [zone, '007', 'AvailabilityZone'],
      ] as const) {
        const failed = await cloud().share({ share_type: type });
        expect(shareOf(await alice.manila('GET', `/shares/${failed}`))).toMatchObject({
          status: 'error',
          progress: null,
        });
        const messages = await alice.manila('GET', `/messages?resource_id=${failed}`);
        expect(messages).toMatchObject({
          status: 200,
          body: {
            messages: [
              {
                id: UUID,
                project_id: alice.projectId,
                action_id: '001',
                detail_id: detail,
                message_level: 'ERROR',
                created_at: TIME,
                resource_type: 'SHARE',
                resource_id: failed,
                request_id: expect.stringMatching(/^req-/) as string,
                user_message: `allocate host: No storage could be allocated for this share request, ${filter} filter didn't succeed.`,
              },
            ],
          },
        });
        expect(await alice.manila('DELETE', `/shares/${failed}`)).toMatchObject({ status: 202 });
      }
      const typeless = await cloud().share({});
      const told = await alice.manila('GET', `/messages?resource_id=${typeless}`);
      expect(told).toMatchObject({ body: { messages: [{ action_id: '002', detail_id: '024' }] } });
      const { messages } = told.body as { messages: { id: string }[] };
      const path = `/messages/${messages[0]?.id ?? ''}`;
      expect(await alice.manila('DELETE', path)).toMatchObject({ status: 204 });
      expect(await alice.manila('GET', path)).toMatchObject({ status: 404 });
    });

    it('are listed newest first, filtered, and paged by offset; the next link leads nowhere', async () => {
      const { alice, prefix } = cloud();
      const ids: string[] = [];
      for (const name of ['p1', 'p2', 'p3'])
        ids.push(await cloud().share({ share_type: typeId, name: `${prefix}-${name}` }));
      const filter = `name~=${prefix}-p`;
      const list = async (query: string): Promise<string[]> => {
        const answer = await alice.manila('GET', `/shares?${query}`);
        return (answer.body as { shares: { id: string }[] }).shares.map((share) => share.id);
      };
      const newest = ids.toReversed();
      expect(await list(filter)).toEqual(newest);
      expect(await list(`${filter}&limit=2`)).toEqual(newest.slice(0, 2));
      expect(await list(`${filter}&limit=2&offset=2`)).toEqual(newest.slice(2));
      expect(await list(`${filter}&offset=2`)).toEqual(newest);
      expect(await list(`${filter}&sort_key=name&sort_dir=asc`)).toEqual(ids);
      expect(await list(`name=${prefix}-p2`)).toEqual([ids[1]]);
      expect(await list(`${filter}&limit=0`)).toEqual([]);
      const first = await alice.manila('GET', `/shares?${filter}&limit=1`);
      const { shares_links: links } = first.body as { shares_links: { rel: string; href: string }[] };
      expect(links).toMatchObject([
        { rel: 'next', href: expect.stringContaining(`marker=${newest[0] ?? ''}`) as string },
      ]);
      expect(await list(`${filter}&limit=1&marker=${newest[0] ?? ''}`)).toEqual(newest.slice(0, 1));
      expect(await alice.manila('GET', `/shares/detail?${filter}&with_count=true`)).toMatchObject({
        body: { count: 3, shares: newest.map((share) => ({ id: share, status: 'available' })) },
      });
      const counted = await alice.manila('GET', '/shares?limit=1&with_count=True', { version: '2.42' });
      expect(counted).toMatchObject({ status: 200, body: { count: expect.any(Number) as number } });
      expect(await alice.manila('GET', '/shares?limit=x')).toMatchObject(badRequest('limit param must be an integer'));
      expect(await alice.manila('GET', '/shares?sort_key=foo')).toMatchObject(
        badRequest("Invalid input received: Wrong sorting key provided - 'foo'."),
      );
      expect(await list(`share_type_id=${typeId}&${filter}`)).toEqual(newest);
      expect(await list(`${filter}&metadata=${encodeURIComponent("{'owner': 'test'}")}`)).toEqual([]);
    });

    it('of other projects are listed to administrators who ask for them', async () => {
      const { admin, bob, prefix } = cloud();
      const ids = (answer: Answer): string[] =>
        (answer.body as { shares: { id: string }[] }).shares.map((one) => one.id);
      const query = `name=${prefix}-share&share_type_id=${typeId}`;
      expect(ids(await admin.manila('GET', `/shares?${query}`))).toEqual([]);
      expect(ids(await admin.manila('GET', `/shares/detail?all_tenants=1&${query}`))).toEqual([id]);
      expect(ids(await bob.manila('GET', `/shares?all_tenants=1&${query}`))).toEqual([]);
    });

    it('carry metadata that is added to, replaced and taken away', async () => {
      const { alice } = cloud();
      const path = `/shares/${id}/metadata`;
      expect(await alice.manila('GET', path)).toMatchObject({ body: { metadata: { owner: 'test' } } });
      expect(await alice.manila('POST', path, { json: { metadata: { more: 'x' } } })).toMatchObject({
        status: 200,
        body: { metadata: { owner: 'test', more: 'x' } },
      });
      expect(await alice.manila('DELETE', `${path}/more`)).toMatchObject({ status: 200, text: '' });
      expect(await alice.manila('DELETE', `${path}/more`)).toMatchObject(
        notFound('MetadataItemNotFound: Metadata item is not found.'),
      );
      const replaced = await alice.manila('PUT', path, { json: { metadata: { only: 'this' } } });
      expect(replaced.body).toEqual({ metadata: { only: 'this' } });
      expect(await alice.manila('POST', path, { json: { metadata: { '': 'x' } } })).toMatchObject(
        badRequest('Metadata property key is blank.'),
      );
      expect(await alice.manila('POST', path, { json: { metadata: { x: '' } } })).toMatchObject(
        badRequest('Metadata property value is blank.'),
      );
    });

    it('grow and shrink', async () => {
      const { alice } = cloud();
      const action = (json: object): Promise<Answer> => alice.manila('POST', `/shares/${id}/action`, { json });
      // Manila writes the status first and the size a moment later.
      const has = (size: number): Promise<Answer> =>
        alice.until(`/shares/${id}`, (answer) => {
          const share = shareOf(answer);
          return share['size'] === size && share['status'] === 'available';
        });
      expect(await action({ extend: { new_size: 3 } })).toMatchObject({ status: 202, text: '' });
      await has(3);
      expect(await action({ extend: { new_size: 3 } })).toMatchObject(
        badRequest(
          'Invalid input received: New size for extend must be greater than current size. (current: 3, extended: 3).',
        ),
      );
      expect(await action({ extend: { new_size: 'x' } })).toMatchObject(
        badRequest('New share size must be specified as an integer.'),
      );
      expect(await action({ shrink: { new_size: 1 } })).toMatchObject({ status: 202 });
      await has(1);
      expect(await alice.manila('POST', '/shares/nosuch/action', { json: { extend: { new_size: 2 } } })).toMatchObject(
        notFound('Resource could not be found.'),
      );
      expect(await action({ nosuch: {} })).toMatchObject(badRequest('There is no such action: nosuch'));
    });

    it('keep their name in an update that calls it so, and take a display_name', async () => {
      const { alice, prefix } = cloud();
      const json = { share: { name: 'ignored', display_name: `${prefix}-renamed` } };
      const renamed = await alice.manila('PUT', `/shares/${id}`, { json });
      expect(shareOf(renamed)).toMatchObject({ name: `${prefix}-renamed` });
    });

    it('are reset and deleted by force by administrators only', async () => {
      const { admin, alice } = cloud();
      const path = `/shares/${id}/action`;
      const reset = (status: string): object => ({ json: { reset_status: { status } } });
      expect(await alice.manila('POST', path, reset('error'))).toMatchObject(forbidden());
      expect(await admin.manila('POST', path, reset('error'))).toMatchObject({ status: 202 });
      expect(await alice.manila('POST', path, { json: { extend: { new_size: 2 } } })).toMatchObject(
        badRequest(`Invalid share: Share ${id} status must be 'available' to extend, but current status is: error.`),
      );
      await admin.manila('POST', path, reset('deleting'));
      expect(await alice.manila('DELETE', `/shares/${id}`)).toMatchObject(forbidden('Invalid share: %(reason)s.'));
      await admin.manila('POST', path, reset('available'));
      expect(await alice.manila('POST', path, { json: { force_delete: null } })).toMatchObject(forbidden());
    });
  });
}
