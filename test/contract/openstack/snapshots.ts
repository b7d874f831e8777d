import { beforeAll, describe, expect, it } from 'vitest';
import { fault, forbidden, notFound, TIME, UUID, type Answer, type Connected } from './cloud.ts';
import { shareOf } from './shares.ts';

/** Snapshots, and shares made from them. */
export function snapshotContract(cloud: () => Connected): void {
  describe('Manila: snapshots', () => {
    let shareId = '';
    let id = '';
    const create = (snapshot: object): Promise<Answer> =>
      cloud().alice.manila('POST', '/snapshots', { json: { snapshot } });

    beforeAll(async () => {
      const typeId = await cloud().shareType('snapshots', {
        share_backend_name: 'ALPHA',
        snapshot_support: 'True',
        create_share_from_snapshot_support: 'True',
      });
      shareId = await cloud().share({ share_type: typeId });
      const made = await create({ share_id: shareId, name: `${cloud().prefix}-snap` });
      expect(made).toMatchObject({
        status: 202,
        body: {
          snapshot: {
            id: UUID,
            share_id: shareId,
            share_size: 1,
            size: 1,
            status: 'creating',
            name: `${cloud().prefix}-snap`,
            description: null,
            share_proto: 'NFS',
            created_at: TIME,
            project_id: cloud().alice.projectId,
            metadata: {},
          },
        },
      });
      id = (made.body as { snapshot: { id: string } }).snapshot.id;
      cloud().atEnd(async () => {
        await cloud().alice.manila('DELETE', `/snapshots/${id}`);
        await cloud().alice.until(`/snapshots/${id}`, ({ status }) => status === 404);
      });
      await cloud().alice.until(`/snapshots/${id}`, ({ text }) => text.includes('"available"'));
    });

    it('are listed, and seen by their project only', async () => {
      const { alice, bob } = cloud();
      const query = `name=${cloud().prefix}-snap`;
      expect(await alice.manila('GET', `/snapshots?${query}`)).toMatchObject({
        status: 200,
        body: { snapshots: [{ id, name: `${cloud().prefix}-snap` }] },
      });
      expect(await alice.manila('GET', `/snapshots/detail?share_id=${shareId}`)).toMatchObject({
        body: { snapshots: [{ id, status: 'available' }] },
      });
      expect(await bob.manila('GET', `/snapshots/${id}`)).toMatchObject(notFound());
      expect(await alice.manila('GET', '/snapshots/nosuch')).toMatchObject(notFound());
    });

    it('keep their share from being deleted', async () => {
      expect(await cloud().alice.manila('DELETE', `/shares/${shareId}`)).toMatchObject(
        forbidden('Invalid share: %(reason)s.'),
      );
    });

    it('become shares of the same type and place', async () => {
      const copy = await cloud().share({ snapshot_id: id });
      const [original, made] = await Promise.all(
        [shareId, copy].map(async (one) => shareOf(await cloud().admin.manila('GET', `/shares/${one}`))),
      );
      expect(made).toMatchObject({ status: 'available', snapshot_id: id, size: 1 });
      expect(made).toMatchObject({ share_type: original?.['share_type'], host: original?.['host'] });
      const json = { share: { share_proto: 'NFS', size: 1, snapshot_id: 'nosuch' } };
      expect(await cloud().alice.manila('POST', '/shares', { json })).toMatchObject(
        notFound('ShareSnapshotNotFound: Snapshot nosuch could not be found.'),
      );
    });

    it('cannot be made of shares without them', async () => {
      const plain = await cloud().share({
        share_type: await cloud().shareType('plain', { share_backend_name: 'ALPHA' }),
      });
      expect(await create({ share_id: plain })).toMatchObject(
        fault(
          422,
          'computeFault',
          `Snapshots cannot be created for share '${plain}' since it does not have that capability.`,
        ),
      );
      expect(await create({ share_id: 'nosuch' })).toMatchObject(notFound('NotFound: Resource could not be found.'));
    });

    it('are gone some time after they are deleted', async () => {
      const { alice } = cloud();
      const made = await create({ share_id: shareId, name: `${cloud().prefix}-short` });
      const path = `/snapshots/${(made.body as { snapshot: { id: string } }).snapshot.id}`;
      await alice.until(path, ({ text }) => text.includes('"available"'));
      expect(await alice.manila('DELETE', path)).toMatchObject({ status: 202, text: '' });
      await alice.until(path, ({ status }) => status === 404);
      expect(await alice.manila('DELETE', path)).toMatchObject(notFound());
    });
  });
}
