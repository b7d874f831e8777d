import { afterEach, describe, expect, it } from 'vitest';
import { startOpenStack, type LabOpenStack, type LabOpenStackOptions } from '../../../../src/lab/openstack/index.ts';
import { BACKENDS } from '../../../../src/lab/openstack/manila/backends.ts';
import { Connected, type Login } from '../../../contract/openstack/cloud.ts';

let lab: LabOpenStack;
let cloud: Connected;

async function start(options: LabOpenStackOptions = {}): Promise<void> {
  lab = await startOpenStack({ delayMs: 5, ...options });
  cloud = await new Connected(lab).connect();
  cloud.manilaUrl = lab.manilaUrl;
}

afterEach(async () => {
  await lab.close();
});

describe('the life of a token', () => {
  it('ends by the clock, for both services', async () => {
    let now = Date.parse('2026-11-23T16:00:00Z');
    await start({ tokenSeconds: 60, now: () => now });
    const both = async (): Promise<number[]> => [
      (await cloud.alice.keystone('GET', '/auth/projects')).status,
      (await cloud.alice.manila('GET', '/shares')).status,
    ];
    now += 59_000;
    expect(await both()).toEqual([200, 200]);
    now += 1_000;
    expect(await both()).toEqual([401, 401]);
  });

  it('goes on for a while in Manila after Keystone has ended it', async () => {
    let now = Date.parse('2026-11-23T16:00:00Z');
    await start({ tokenCacheSeconds: 30, now: () => now });
    const manila = async (): Promise<number> => (await cloud.alice.manila('GET', '/shares')).status;
    expect(await manila()).toBe(200);
    const revoked = await cloud.alice.keystone('DELETE', '/auth/tokens', {
      headers: { 'x-subject-token': cloud.alice.token },
    });
    expect(revoked.status).toBe(204);
    expect((await cloud.alice.keystone('GET', '/auth/projects')).status).toBe(401);
    now += 29_000;
    expect(await manila()).toBe(200);
    now += 2_000;
    expect(await manila()).toBe(401);
  });

  it('does not go on where Manila believes nothing', async () => {
    await start({ tokenCacheSeconds: 0 });
    expect((await cloud.alice.manila('GET', '/shares')).status).toBe(200);
    await cloud.alice.keystone('DELETE', '/auth/tokens', { headers: { 'x-subject-token': cloud.alice.token } });
    expect((await cloud.alice.manila('GET', '/shares')).status).toBe(401);
  });
});

describe('the catalog', () => {
  const types = async (): Promise<string[]> => {
    const answer = await cloud.alice.keystone('GET', '/auth/catalog');
    return (answer.body as { catalog: { type: string }[] }).catalog.map(({ type }) => type).sort();
  };

  it('has Manila under the types that are wanted', async () => {
    await start({ shareServiceTypes: ['share', 'shared-file-system'] });
    expect(await types()).toEqual(['identity', 'share', 'shared-file-system']);
  });

  it('may be without Manila', async () => {
    await start({ shareServiceTypes: [] });
    expect(await types()).toEqual(['identity']);
  });
});

describe('access rules of a credential', () => {
  /** Alice, with a credential that may list shares and no more. */
  async function limited(service: string): Promise<Login> {
    const made = await cloud.alice.keystone('POST', `/users/${cloud.alice.userId}/application_credentials`, {
      json: {
        application_credential: { name: 'rules', access_rules: [{ service, method: 'GET', path: '/v2/shares' }] },
      },
    });
    const { id, secret } = (made.body as { application_credential: { id: string; secret: string } })
      .application_credential;
    const answer = await cloud.anonymous('POST', '/auth/tokens', {
      json: {
        auth: { identity: { methods: ['application_credential'], application_credential: { id, secret } } },
      },
    });
    return cloud.loginOf(answer);
  }

  it('let through what they name', async () => {
    await start();
    const login = await limited('sharev2');
    expect((await login.manila('GET', '/shares')).status).toBe(200);
    expect((await login.manila('GET', '/shares/detail')).status).toBe(401);
    expect((await login.manila('GET', '/types')).status).toBe(401);
  });

  it('are held against the type that Manila knows for its own', async () => {
    await start({ accessRuleService: 'shared-file-system', shareServiceTypes: ['sharev2', 'shared-file-system'] });
    expect((await (await limited('sharev2')).manila('GET', '/shares')).status).toBe(401);
  });

  it('lock out everyone where Manila knows no type of its own', async () => {
    await start({ accessRuleService: null });
    expect((await (await limited('sharev2')).manila('GET', '/shares')).status).toBe(401);
    expect((await cloud.alice.manila('GET', '/shares')).status).toBe(200);
  });
});

describe('Manila', () => {
  it('takes its default type where none is named', async () => {
    await start({ defaultShareType: 'usual' });
    const made = await cloud.admin.manila('POST', '/types', {
      json: { share_type: { name: 'usual', extra_specs: { driver_handles_share_servers: 'False' } } },
    });
    const { id } = (made.body as { share_type: { id: string } }).share_type;
    expect((await cloud.alice.manila('GET', '/types/default')).body).toMatchObject({ share_type: { id } });
    const share = await cloud.share({});
    expect((await cloud.alice.manila('GET', `/shares/${share}`)).body).toMatchObject({
      share: { share_type: id, share_type_name: 'usual', status: 'available' },
    });
  });

  it('takes its time for every step of a share', async () => {
    await start({ delayMs: 300 });
    await cloud.shareType('slow');
    const answer = await cloud.alice.manila('POST', '/shares', {
      json: { share: { share_proto: 'NFS', size: 1, share_type: `${cloud.prefix}-slow` } },
    });
    const { id } = (answer.body as { share: { id: string } }).share;
    const status = async (): Promise<string> =>
      ((await cloud.alice.manila('GET', `/shares/${id}`)).body as { share: { status: string } }).share.status;
    expect(await status()).toBe('creating');
    expect((await cloud.alice.manila('DELETE', `/shares/${id}`)).status).toBe(403);
    await cloud.settled(id);
    expect(await status()).toBe('available');
  });

  it('places shares on the back ends that it is given, as long as there is room', async () => {
    const [one] = BACKENDS;
    if (!one) throw new Error('no back end');
    const capabilities = { ...one.capabilities, storage_protocol: 'NFS', total_capacity_gb: 10, free_capacity_gb: 10 };
    await start({ backends: [{ ...one, host: 'only', backend: 'small', pool: 'pool', capabilities }] });
    const pools = (await cloud.admin.manila('GET', '/scheduler-stats/pools')).body as { pools: { name: string }[] };
    expect(pools.pools.map(({ name }) => name)).toEqual(['only@small#pool']);
    await cloud.shareType('any');
    const create = async (size: number): Promise<unknown> => {
      const id = await cloud.share({ size, share_type: `${cloud.prefix}-any` });
      return ((await cloud.alice.manila('GET', `/shares/${id}`)).body as { share: object }).share;
    };
    expect(await create(8)).toMatchObject({ status: 'available' });
    expect(await create(3)).toMatchObject({ status: 'error' });
    expect(await create(2)).toMatchObject({ status: 'available' });
  });

  it('fills no pool that says it has no end', async () => {
    const [one] = BACKENDS;
    if (!one) throw new Error('no back end');
    await start({
      backends: [
        { ...one, capabilities: { ...one.capabilities, storage_protocol: 'NFS', free_capacity_gb: 'infinite' } },
      ],
    });
    await cloud.admin.manila('PUT', `/quota-sets/${cloud.alice.projectId}`, {
      json: { quota_set: { gigabytes: -1, per_share_gigabytes: -1 } },
    });
    await cloud.shareType('any');
    const id = await cloud.share({ size: 500_000, share_type: `${cloud.prefix}-any` });
    expect((await cloud.alice.manila('GET', `/shares/${id}`)).body).toMatchObject({ share: { status: 'available' } });
  });

  it('gives nothing to a service that is disabled', async () => {
    await start();
    await cloud.shareType('alpha', { share_backend_name: 'ALPHA' });
    const create = async (): Promise<unknown> => {
      const id = await cloud.share({ share_type: `${cloud.prefix}-alpha` });
      return ((await cloud.alice.manila('GET', `/shares/${id}`)).body as { share: { status: string } }).share.status;
    };
    const turn = (to: string): Promise<unknown> =>
      cloud.admin.manila('PUT', `/services/${to}`, { json: { host: 'rwx@alpha', binary: 'manila-share' } });
    expect(await turn('disable')).toMatchObject({ status: 200 });
    expect(await create()).toBe('error');
    expect(await turn('enable')).toMatchObject({ status: 200 });
    expect(await create()).toBe('available');
  });
});
