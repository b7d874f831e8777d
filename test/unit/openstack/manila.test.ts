import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Manila } from '../../../src/openstack/manila.ts';
import { startCloud, type TestCloud } from '../../support/cloud.ts';
import { next, type Request } from '../../support/json-server.ts';
import type { ManilaServer } from '../../support/manila-server.ts';

let cloud: TestCloud;
let server: ManilaServer;
beforeEach(async () => {
  cloud = await startCloud();
  server = cloud.manila;
});
afterEach(() => cloud[Symbol.asyncDispose]());

const connect = async (): Promise<Manila> => {
  const manila = await cloud.connect('admin');
  server.requests.length = 0;
  return manila;
};
const versions = (): string[] => server.requests.map(versionOf);
const versionOf = ({ headers }: Request): string => String(headers['x-openstack-manila-api-version']);
const share = (i: number, more: object = {}) => ({
  id: `share-${String(i).padStart(4, '0')}`,
  name: null,
  description: null,
  status: 'available',
  size: 1,
  share_proto: 'NFS',
  share_type: 't1',
  share_type_name: 'gold',
  project_id: 'p',
  ...more,
});

describe('discovery', () => {
  it('asks once, with the token, below the version', async () => {
    const manila = await cloud.connect('admin');
    expect(server.calls()).toEqual(['GET /v2/']);
    expect(manila.microversions).toEqual({ min: '2.0', max: '2.73' });
    expect(manila.endpoint).toMatchObject({ type: 'sharev2', url: `${server.origin}/v2` });
  });

  const at = (path: string): void => {
    const [entry] = cloud.keystone.catalog;
    for (const endpoint of entry?.endpoints ?? []) endpoint.url = `${server.origin}${path}`;
  };
  const document = (id: string) => ({
    versions: [{ id, status: 'CURRENT', version: id === 'v2.0' ? '2.65' : '', min_version: '2.0' }],
  });

  it('keeps a mount prefix and the project id of the catalog', async () => {
    at('/share/v2/aaaa0000000000000000000000000001');
    server.faults.push(({ path }) =>
      path === '/share/v2/' ? { status: 200, body: document('v2.0') } : { status: 200, body: { share_types: [] } },
    );
    const manila = await cloud.connect('admin');
    await manila.listShareTypes();
    expect(server.calls()).toEqual(['GET /share/v2/', 'GET /share/v2/aaaa0000000000000000000000000001/types']);
  });

  it('finds v2 beside the v1 address that type share has on many clouds', async () => {
    at('/v1/aaaa0000000000000000000000000001');
    await (await cloud.connect('admin')).listShareTypes();
    expect(server.calls()).toEqual(['GET /v2/', 'GET /v2/aaaa0000000000000000000000000001/types']);
  });

  it('asks above the version where that is not answered', async () => {
    server.faults.push(({ path }) =>
      path === '/v2/' ? { status: 404 } : path === '/' ? { status: 300, body: document('v2.0') } : undefined,
    );
    expect((await cloud.connect('admin')).microversions.max).toBe('2.65');
  });

  it('does not take the v1 API for Manila', async () => {
    server.faults.push(() => ({ status: 300, body: document('v1.0') }));
    await expect(cloud.connect('admin')).rejects.toMatchObject({
      code: 'no-manila-v2',
      exitCode: 3,
      message: `${server.origin}/v2 (sharev2) is no Manila v2 API: it has v1.0`,
    });
  });
});

describe('microversions', () => {
  it('are the lowest that serve each call', async () => {
    const manila = await connect();
    await manila.listShareTypes();
    await manila.createShareType({ name: 'a', isPublic: true, extraSpecs: { driver_handles_share_servers: 'False' } });
    const type = await manila.createShareType({
      name: 'b',
      description: 'B',
      isPublic: true,
      extraSpecs: { driver_handles_share_servers: 'False' },
    });
    await manila.updateShareType(type.id, { description: '' });
    await manila.getQuotaDetail('p');
    await manila.setQuota('p', { shares: 1 });
    await manila.setQuota('p', { shares: 1, share_replicas: 3 });
    await manila.setQuota('p', { shares: 1 }, { shareType: 'a' });
    await manila.listPools();
    await manila.listPools(type.id);
    await manila.messages({ resourceId: 'x' });
    expect(versions()).toEqual(['2.46', '2.24', '2.41', '2.50', '2.62', '2.7', '2.53', '2.39', '2.7', '2.23', '2.37']);
  });

  it('step down on an older cloud', async () => {
    server.maxVersion = '2.40';
    server.types.push({ id: 't', name: 'a', description: 'x', isPublic: true, extraSpecs: {}, projects: [] });
    const manila = await connect();
    expect(await manila.listShareTypes()).toMatchObject([{ description: '', isDefault: false }]);
    await manila.getQuota('p');
    await manila.listShares();
    server.shares.push(share(1));
    expect(await manila.listAccessRules('share-0001')).toEqual([]);
    expect(versions()).toEqual(['2.7', '2.40', '2.7', '2.7']);
    expect(server.calls().at(-1)).toBe('POST /v2/shares/share-0001/action');
  });

  it.each<[string, (manila: Manila) => Promise<unknown>, string]>([
    [
      '2.40',
      (m) => m.createShareType({ name: 'a', description: 'x', isPublic: true, extraSpecs: {} }),
      'a description of a share type needs Manila API 2.41 (Queens)',
    ],
    [
      '2.49',
      (m) => m.updateShareType('x', { isPublic: true }),
      'changing the description or visibility of a share type that exists needs Manila API 2.50 (Train)',
    ],
    [
      '2.38',
      (m) => m.setQuota('p', { shares: 1 }, { shareType: 'a' }),
      'a quota of a share type needs Manila API 2.39 (Queens)',
    ],
    ['2.73', (m) => m.setQuota('p', { shares: 1, backups: 1 }), 'the quota of backups needs Manila API 2.80 (2023.2)'],
  ])('that a cloud of %s has not are named before anything is sent', async (max, call, message) => {
    server.maxVersion = max;
    const manila = await connect();
    await expect(call(manila)).rejects.toMatchObject({
      code: 'microversion',
      exitCode: 3,
      message: expect.stringContaining(`${message}, and ${server.origin}/v2 has 2.0 to ${max}`) as unknown,
    });
    expect(server.requests).toHaveLength(0);
  });
});

describe('share types', () => {
  const make = async (manila: Manila, name = 'gold') =>
    manila.createShareType({ name, isPublic: false, extraSpecs: { driver_handles_share_servers: 'False' } });

  it('are listed with their extra specs in one request', async () => {
    const manila = await connect();
    for (let i = 0; i < 20; i++) await make(manila, `t${i}`);
    server.requests.length = 0;
    expect(await manila.listShareTypes()).toHaveLength(20);
    expect(server.calls()).toEqual(['GET /v2/types']);
    expect(server.requests[0]?.query.get('is_public')).toBe('all');
  });

  it('look the same to a member, who is sent booleans', async () => {
    await (
      await connect()
    ).createShareType({ name: 'gold', isPublic: true, extraSpecs: { driver_handles_share_servers: 'False' } });
    const [type] = await (await cloud.connect('bob')).listShareTypes();
    expect(type?.extraSpecs).toEqual({
      driver_handles_share_servers: 'False',
      snapshot_support: 'False',
      mount_snapshot_support: 'False',
    });
  });

  it('get and lose extra specs, with the key escaped', async () => {
    const manila = await connect();
    const { id } = await make(manila);
    await manila.setExtraSpecs(id, { 'provisioning:max_share_size': '10' });
    expect((await manila.listShareTypes())[0]?.extraSpecs['provisioning:max_share_size']).toBe('10');
    expect(await manila.unsetExtraSpec(id, 'provisioning:max_share_size')).toBe(true);
    expect(await manila.unsetExtraSpec(id, 'provisioning:max_share_size')).toBe(false);
    expect(server.calls().at(-1)).toBe(`DELETE /v2/types/${id}/extra_specs/provisioning%3Amax_share_size`);
    expect((await manila.listShareTypes())[0]?.extraSpecs).toEqual({ driver_handles_share_servers: 'False' });
  });

  it('are opened to projects, twice if need be', async () => {
    const manila = await connect();
    const { id } = await make(manila);
    await manila.addTypeAccess(id, 'p2');
    await manila.addTypeAccess(id, 'p1');
    await manila.addTypeAccess(id, 'p1');
    expect(await manila.listTypeAccess(id)).toEqual(['p1', 'p2']);
    await manila.removeTypeAccess(id, 'p1');
    expect(await manila.listTypeAccess(id)).toEqual(['p2']);
    await manila.updateShareType(id, { isPublic: true });
    expect(await manila.listTypeAccess(id)).toEqual([]);
  });

  it('that are gone are no error to delete', async () => {
    const manila = await connect();
    const { id } = await make(manila);
    expect(await manila.deleteShareType(id)).toBe(true);
    expect(await manila.deleteShareType(id)).toBe(false);
  });

  it('are asked for again after a cut connection, and the second answer is 409', async () => {
    const manila = await connect();
    server.faults.push(next(1, ({ method }) => method === 'POST', 'reset'));
    expect((await make(manila)).name).toBe('gold');
    await expect(make(manila, 'GOLD')).rejects.toMatchObject({ status: 409, code: 'openstack-conflict' });
  });
});

describe('shares', () => {
  it.each([
    ['2.73', 3],
    ['2.40', 4],
  ])('are listed page by page with offsets (%s)', async (max, requests) => {
    server.maxVersion = max;
    server.pageLimit = 400;
    for (let i = 0; i < 1000; i++) server.shares.push(share(i));
    const manila = await connect();
    const shares = await manila.listShares({ allProjects: true, shareTypeId: 't1' });
    expect(new Set(shares.map(({ id }) => id)).size).toBe(1000);
    expect(server.requests).toHaveLength(requests);
    expect(server.requests.map(({ query }) => query.get('offset'))).toEqual(
      ['0', '400', '800', '1000'].slice(0, requests),
    );
    expect(server.requests[0]?.query.get('all_tenants')).toBe('1');
    expect(server.requests.some(({ query }) => query.has('marker'))).toBe(false);
  });

  it('end although some vanish between two pages', async () => {
    for (let i = 0; i < 600; i++) server.shares.push(share(i));
    const manila = await connect();
    server.faults.push((request) => {
      if (request.query.get('offset') === '500') server.shares.splice(400);
      return undefined;
    });
    expect(await manila.listShares()).toHaveLength(500);
    expect(server.requests).toHaveLength(2);
  });

  it('that do not exist are undefined, and false to delete', async () => {
    const manila = await connect();
    expect(await manila.getShare('nope')).toBeUndefined();
    expect(await manila.deleteShare('nope')).toBe(false);
    server.shares.push(share(1, { availability_zone: 'nova', metadata: { a: 'b' } }));
    expect(await manila.getShare('share-0001')).toEqual({
      id: 'share-0001',
      name: '',
      description: '',
      status: 'available',
      size: 1,
      protocol: 'NFS',
      shareTypeId: 't1',
      shareTypeName: 'gold',
      projectId: 'p',
      availabilityZone: 'nova',
      metadata: { a: 'b' },
    });
  });

  it('are not asked for twice: names are not unique', async () => {
    const manila = await connect();
    server.faults.push(next(1, ({ method }) => method === 'POST', 'reset'));
    await expect(manila.createShare({ name: 'n', size: 1, protocol: 'NFS', shareType: 'gold' })).rejects.toMatchObject({
      code: 'unreachable',
    });
    expect(server.calls()).toEqual(['POST /v2/shares']);
  });

  it('over a quota are refused in Manila’s words, once', async () => {
    const manila = await connect();
    const message =
      'ShareSizeExceedsAvailableQuota: Requested share exceeds allowed project/user or share type gigabytes quota.';
    server.faults.push(({ method }) =>
      method === 'POST'
        ? { status: 413, headers: { 'retry-after': '0' }, body: { overLimit: { code: 413, message, retryAfter: '0' } } }
        : undefined,
    );
    await expect(manila.createShare({ name: 'n', size: 9, protocol: 'NFS', shareType: 'gold' })).rejects.toMatchObject({
      status: 413,
      code: 'openstack-over-limit',
      message: `Manila answered 413 to POST /v2/shares: ${message}`,
    });
    expect(server.requests).toHaveLength(1);
  });

  it('have rules, export locations and messages', async () => {
    const manila = await connect();
    server.shares.push(share(1));
    server.accessRules.push({
      id: 'r',
      access_type: 'ip',
      access_to: '10.0.0.0/24',
      access_level: 'rw',
      state: 'active',
      metadata: { site: 'north' },
    });
    server.exportLocations.push(
      { id: '1', path: 'b:/x', preferred: false, is_admin_only: false },
      { id: '2', path: 'admin:/x', preferred: true, is_admin_only: true },
      { id: '3', path: 'a:/x', preferred: true, is_admin_only: false },
    );
    server.messages.push(
      {
        id: '1',
        resource_id: 'share-0001',
        user_message: 'old',
        action_id: '001',
        detail_id: '008',
        created_at: '2026-01-01T00:00:00',
      },
      {
        id: '2',
        resource_id: 'share-0001',
        user_message: 'new',
        action_id: '001',
        detail_id: '008',
        created_at: '2026-01-02T00:00:00',
        request_id: 'req-1',
      },
      {
        id: '3',
        resource_id: 'other',
        user_message: 'not ours',
        action_id: '001',
        detail_id: '008',
        created_at: '2026-01-03T00:00:00',
      },
    );
    expect(await manila.listAccessRules('share-0001')).toEqual([
      { id: 'r', type: 'ip', to: '10.0.0.0/24', level: 'rw', state: 'active', metadata: { site: 'north' } },
    ]);
    expect(await manila.exportLocations('share-0001')).toEqual([
      { path: 'a:/x', preferred: true },
      { path: 'b:/x', preferred: false },
    ]);
    expect(
      (await manila.messages({ resourceId: 'share-0001' })).map(({ message, requestId }) => [message, requestId]),
    ).toEqual([
      ['new', 'req-1'],
      ['old', undefined],
    ]);
  });
});

it('tells an administrator from a member by asking', async () => {
  expect(await (await cloud.connect('admin')).isAdmin()).toBe(true);
  expect(await (await cloud.connect('alice')).isAdmin()).toBe(false);
});

it('reads limits, zones and resets quotas', async () => {
  const manila = await connect();
  expect(await manila.limits()).toMatchObject({ maxTotalShares: 50 });
  expect(await manila.availabilityZones()).toEqual(['nova']);
  await manila.setQuota('p', { shares: 7 });
  expect((await manila.getQuota('p')).shares).toBe(7);
  await manila.resetQuota('p');
  expect((await manila.getQuota('p')).shares).toBe(50);
});
