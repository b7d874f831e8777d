import { createServer, type Server } from 'node:http';
import { get } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { startOpenStack, type LabOpenStack, type LabOpenStackOptions } from '../../../../src/lab/openstack/index.ts';
import { Connected } from '../../../contract/openstack/cloud.ts';
import { TEST_CERT, TEST_KEY } from '../../../support/tls.ts';

const open: { close(): unknown }[] = [];

async function start(options: LabOpenStackOptions = {}): Promise<LabOpenStack> {
  const lab = await startOpenStack({ delayMs: 5, ...options });
  open.push(lab);
  return lab;
}

afterEach(async () => {
  for (const lab of open.splice(0)) await lab.close();
});

const portOf = (url: string): number => Number(new URL(url).port);

describe('a fresh cloud', () => {
  it('has users, projects and a catalog, and nothing of Manila but its back ends', async () => {
    const lab = await start();
    const cloud = await new Connected(lab).connect();
    const names = async (path: string, key: string): Promise<string[]> => {
      const body = (await cloud.admin.keystone('GET', path)).body as Record<string, { name: string }[]>;
      return (body[key] ?? []).map(({ name }) => name).sort();
    };
    expect(await names('/users', 'users')).toEqual(['admin', 'alice', 'bob', 'manila']);
    expect(await names('/projects', 'projects')).toEqual(['admin', 'service', 'tenant-a', 'tenant-b']);
    expect(await names('/roles', 'roles')).toEqual(['admin', 'member', 'reader', 'service']);
    expect(cloud.manilaUrl).toBe(lab.manilaUrl);
    const pools = (await cloud.admin.manila('GET', '/scheduler-stats/pools')).body as { pools: { name: string }[] };
    expect(pools.pools.map(({ name }) => name.replace(/.*@/, '')).sort()).toEqual([
      'alpha#fake_pool_for_ALPHA',
      'beta#fake_pool_for_BETA',
      'delta#fake_pool_for_DELTA',
      'gamma#fake_pool_for_GAMMA',
    ]);
    for (const path of ['types', 'shares', 'snapshots', 'share-networks', 'messages']) {
      expect(Object.values((await cloud.admin.manila('GET', `/${path}`)).body as object)[0]).toEqual([]);
    }
  });

  it('tells clients how to log in, by variables and as clouds.yaml', async () => {
    const lab = await start({ password: 'p": #w', region: 'here' });
    expect(lab.env('bob')).toEqual({
      OS_AUTH_URL: lab.authUrl,
      OS_AUTH_TYPE: 'password',
      OS_USERNAME: 'bob',
      OS_PASSWORD: 'p": #w',
      OS_PROJECT_NAME: 'tenant-b',
      OS_USER_DOMAIN_NAME: 'Default',
      OS_PROJECT_DOMAIN_NAME: 'Default',
      OS_REGION_NAME: 'here',
      OS_IDENTITY_API_VERSION: '3',
    });
    const { clouds } = parse(lab.cloudsYaml()) as { clouds: Record<string, { auth: object; region_name: string }> };
    expect(Object.keys(clouds)).toEqual(['admin', 'alice', 'bob']);
    expect(clouds.alice).toMatchObject({
      region_name: 'here',
      auth: { auth_url: lab.authUrl, username: 'alice', password: 'p": #w', project_name: 'tenant-a' },
    });
    expect((await new Connected(lab).login('alice', 'tenant-a')).token).not.toBe('');
  });

  it('shares nothing with another one beside it', async () => {
    const [one, two] = [await start(), await start()];
    const [first, second] = [await new Connected(one).connect(), await new Connected(two).connect()];
    await first.shareType('mine');
    expect((await second.admin.manila('GET', '/types')).body).toMatchObject({ share_types: [] });
    expect((await fetch(`${two.manilaUrl}/types`, { headers: { 'x-auth-token': first.admin.token } })).status).toBe(
      401,
    );
  });
});

describe('ports', () => {
  it('are those that are wanted, and free again after the end', async () => {
    const first = await start();
    const [keystonePort, manilaPort] = [portOf(first.authUrl), portOf(first.manilaUrl)];
    await first.close();
    const second = await start({ keystonePort, manilaPort });
    expect([portOf(second.authUrl), portOf(second.manilaUrl)]).toEqual([keystonePort, manilaPort]);
  });

  it('that are taken keep both services from running', async () => {
    const taken: Server = createServer();
    await new Promise<void>((done) => taken.listen(0, '127.0.0.1', done));
    open.push(taken);
    const manilaPort = (taken.address() as AddressInfo).port;
    const free = await start();
    const keystonePort = portOf(free.authUrl);
    await free.close();
    await expect(startOpenStack({ keystonePort, manilaPort })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await expect(fetch(`http://127.0.0.1:${keystonePort}/v3`)).rejects.toMatchObject({
      cause: { code: 'ECONNREFUSED' },
    });
  });
});

describe('the end', () => {
  it('cuts connections and stops what is under way', async () => {
    const lab = await start({ delayMs: 500 });
    const cloud = await new Connected(lab).connect();
    await cloud.shareType('any');
    await cloud.alice.manila('POST', '/shares', {
      json: { share: { share_proto: 'NFS', size: 1, share_type: `${cloud.prefix}-any` } },
    });
    lab.faults.add('manila:GET:/v2/shares=delay,by=1h');
    const hanging = cloud.alice.manila('GET', '/shares');
    const failed = expect(hanging).rejects.toThrow('fetch failed');
    await expect.poll(() => lab.faults.happened()[0]?.count).toBe(1);
    await lab.close();
    await failed;
    for (const url of [lab.authUrl, lab.manilaUrl]) {
      await expect(fetch(url)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    }
    await delay(1100);
    expect([...lab.manila.shares.values()].map(({ status }) => status)).toEqual(['creating']);
  });
});

describe('TLS', () => {
  it('serves both with the certificate that is given, and says https in every link', async () => {
    const lab = await start({ tls: { key: TEST_KEY, cert: TEST_CERT } });
    expect([lab.authUrl, lab.manilaUrl].map((url) => new URL(url).protocol)).toEqual(['https:', 'https:']);
    const body = await new Promise<string>((done, fail) => {
      get(lab.authUrl, { ca: TEST_CERT }, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => done(text));
      }).on('error', fail);
    });
    expect(JSON.parse(body)).toMatchObject({ version: { links: [{ href: `${lab.authUrl}/` }] } });
  });
});
