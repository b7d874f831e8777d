import { beforeAll, describe, expect, it } from 'vitest';
import {
  badRequest,
  conflict,
  forbidden,
  notFound,
  overLimit,
  TIME,
  UUID,
  type Answer,
  type Connected,
} from './cloud.ts';
import { shareOf } from './shares.ts';

/** What Manila says about its back ends, and share networks. */
export function infrastructureContract(cloud: () => Connected): void {
  describe('Manila: pools, services and zones', () => {
    const pools = async (query: string): Promise<string[]> => {
      const answer = await cloud().admin.manila('GET', `/scheduler-stats/pools?${query}`);
      return (answer.body as { pools: { backend: string }[] }).pools.map(({ backend }) => backend).sort();
    };

    it('describe each pool to administrators', async () => {
      const { admin, alice } = cloud();
      const answer = await admin.manila('GET', '/scheduler-stats/pools/detail');
      const all = (answer.body as { pools: { backend: string; capabilities: object }[] }).pools;
      expect(all.map(({ backend }) => backend).sort()).toEqual(['alpha', 'beta', 'delta', 'gamma']);
      const alpha = all.find(({ backend }) => backend === 'alpha');
      expect(alpha).toMatchObject({
        name: 'rwx@alpha#fake_pool_for_ALPHA',
        host: 'rwx',
        pool: 'fake_pool_for_ALPHA',
        capabilities: {
          share_backend_name: 'ALPHA',
          storage_protocol: 'NFS_CIFS',
          driver_handles_share_servers: false,
          snapshot_support: true,
          replication_type: 'readable',
          total_capacity_gb: 1230,
          free_capacity_gb: 1210,
          timestamp: TIME,
        },
      });
      expect(await alice.manila('GET', '/scheduler-stats/pools/detail')).toMatchObject(forbidden());
    });

    it('keep the pools that fit a share type', async () => {
      const fits: [string, Record<string, string>, string[]][] = [
        ['dhss', { driver_handles_share_servers: 'True' }, ['beta']],
        ['plain', {}, ['alpha', 'delta', 'gamma']],
        ['name', { share_backend_name: 'alpha' }, ['alpha']],
        ['or', { share_backend_name: '<or> ALPHA <or> DELTA' }, ['alpha', 'delta']],
        ['in', { storage_protocol: '<in> NFS' }, ['alpha', 'gamma']],
        ['number', { free_capacity_gb: '>= 5000' }, []],
        ['is', { dedupe: '<is> False' }, ['alpha', 'delta', 'gamma']],
        ['is-not', { dedupe: '<is> True' }, []],
        ['unknown', { nosuch: 'x' }, []],
        ['vendor', { 'vendor:nosuch': 'x' }, ['alpha', 'delta', 'gamma']],
        ['scope', { 'capabilities:replication_type': 'readable' }, ['alpha', 'gamma']],
      ];
      for (const [name, specs, wanted] of fits) {
        const id = await cloud().shareType(`pool-${name}`, specs);
        expect(await pools(`share_type=${id}`), name).toEqual(wanted);
      }
      expect(await cloud().admin.manila('GET', '/scheduler-stats/pools?share_type=nosuch')).toMatchObject(
        badRequest('Share type nosuch not found.'),
      );
      expect(await pools('backend=al')).toEqual(['alpha']);
    });

    it('list services to administrators and zones to everybody', async () => {
      const { admin, alice } = cloud();
      const services = await admin.manila('GET', '/services?binary=manila-share');
      const list = (services.body as { services: object[] }).services;
      expect(list).toHaveLength(4);
      for (const service of list) {
        expect(service).toMatchObject({ binary: 'manila-share', zone: 'nova', status: 'enabled', state: 'up' });
      }
      expect(await alice.manila('GET', '/services')).toMatchObject(forbidden());
      expect(await alice.manila('GET', '/availability-zones')).toMatchObject({
        status: 200,
        body: { availability_zones: [{ id: UUID, name: 'nova', created_at: TIME, updated_at: null }] },
      });
    });
  });

  describe('Manila: share networks', () => {
    let id = '';
    const post = (network: object): Promise<Answer> =>
      cloud().alice.manila('POST', '/share-networks', { json: { share_network: network } });

    beforeAll(async () => {
      const made = await post({ name: `${cloud().prefix}-net` });
      expect(made).toMatchObject({
        status: 200,
        body: {
          share_network: {
            id: UUID,
            name: `${cloud().prefix}-net`,
            project_id: cloud().alice.projectId,
            status: 'active',
            share_network_subnets: [{ id: UUID, availability_zone: null, neutron_net_id: null, cidr: null }],
          },
        },
      });
      id = (made.body as { share_network: { id: string } }).share_network.id;
      cloud().atEnd(() => cloud().alice.manila('DELETE', `/share-networks/${id}`));
    });

    it('are listed to their project, and to administrators who ask for all', async () => {
      const { alice, bob, admin, prefix } = cloud();
      const names = (answer: Answer): string[] =>
        (answer.body as { share_networks: { name: string }[] }).share_networks.map(({ name }) => name);
      expect(names(await alice.manila('GET', `/share-networks/detail?name=${prefix}-net`))).toEqual([`${prefix}-net`]);
      expect(names(await admin.manila('GET', `/share-networks?name=${prefix}-net`))).toEqual([]);
      expect(names(await admin.manila('GET', `/share-networks?all_tenants=1&name=${prefix}-net`))).toEqual([
        `${prefix}-net`,
      ]);
      // Those of one project, to whoever may see them.
      const shown = (await alice.manila('GET', `/share-networks/${id}`)).body;
      const { project_id: own } = (shown as { share_network: { project_id: string } }).share_network;
      for (const who of [alice, admin]) {
        const path = `/share-networks/detail?project_id=${own}&name=${prefix}-net`;
        expect(names(await who.manila('GET', path))).toEqual([`${prefix}-net`]);
      }
      expect(await bob.manila('GET', `/share-networks/${id}`)).toMatchObject(
        notFound(`Share network ${id} could not be found.`),
      );
      expect(await post({ neutron_net_id: 'x' })).toMatchObject(
        badRequest(
          'When creating a new share network subnet you need to specify both neutron_net_id and neutron_subnet_id or none of them.',
        ),
      );
    });

    it('carry shares on servers of their own, and cannot go before them', async () => {
      const { admin, alice } = cloud();
      const typeId = await cloud().shareType('servers', { driver_handles_share_servers: 'True' });
      const share = await cloud().share({ share_type: typeId, share_network_id: id });
      const made = shareOf(await admin.manila('GET', `/shares/${share}`));
      expect(made).toMatchObject({ status: 'available', share_network_id: id, share_server_id: UUID });
      const locations = await alice.manila('GET', `/shares/${share}/export_locations`);
      for (const location of (locations.body as { export_locations: { path: string }[] }).export_locations) {
        expect(location.path).toMatch(/^10\.20\.\d+\.\d+:\//);
      }
      expect(await alice.manila('DELETE', `/share-networks/${id}`)).toMatchObject(
        conflict(`Can not delete share network ${id}, it has 1 share(s).`),
      );
    });

    it('are not for types whose back ends make no servers', async () => {
      const typeId = await cloud().shareType('no-servers', { share_backend_name: 'ALPHA' });
      const share = await cloud().share({ share_type: typeId, share_network_id: id });
      expect(shareOf(await cloud().alice.manila('GET', `/shares/${share}`))).toMatchObject({ status: 'error' });
      expect(await cloud().alice.manila('GET', `/messages?resource_id=${share}`)).toMatchObject({
        body: { messages: [{ action_id: '002', detail_id: '003' }] },
      });
    });

    it('count against the quota', async () => {
      const { admin, bob, prefix } = cloud();
      const quota = `/quota-sets/${bob.projectId}`;
      await admin.manila('PUT', quota, { json: { quota_set: { share_networks: 0 } } });
      const json = { share_network: { name: `${prefix}-none` } };
      const refused = await bob.manila('POST', '/share-networks', { json });
      await admin.manila('DELETE', quota);
      expect(refused).toMatchObject(
        overLimit('ShareNetworksLimitExceeded: Maximum number of share-networks allowed (0) exceeded.'),
      );
    });
  });
}
