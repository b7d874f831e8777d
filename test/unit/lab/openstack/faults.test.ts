import { afterEach, describe, expect, it } from 'vitest';
import { startOpenStack, type LabOpenStack } from '../../../../src/lab/openstack/index.ts';
import { Connected } from '../../../contract/openstack/cloud.ts';

let lab: LabOpenStack;
let cloud: Connected;

/** A cloud whose users are logged in before anything goes wrong. */
async function start(...faults: string[]): Promise<void> {
  lab = await startOpenStack({ delayMs: 5 });
  cloud = await new Connected(lab).connect();
  for (const fault of faults) lab.faults.add(fault);
}

afterEach(async () => {
  await lab.close();
});

describe('an error that is asked for', () => {
  it('is in the form of Manila, with Retry-After, as often as wanted', async () => {
    await start('manila:GET:/v2/types=429,retry-after=7,times=2');
    for (let time = 0; time < 2; time++) {
      const answer = await cloud.alice.manila('GET', '/types');
      expect(answer).toMatchObject({ status: 429, body: { computeFault: { code: 429 } } });
      expect(answer.headers.get('retry-after')).toBe('7');
      expect(answer.headers.get('x-openstack-manila-api-version')).toBe('2.73');
    }
    expect((await cloud.alice.manila('GET', '/types')).status).toBe(200);
    expect(lab.faults.happened()).toEqual([{ spec: 'manila:GET:/v2/types=429,retry-after=7,times=2', count: 2 }]);
  });

  it('changes nothing: what was asked for is not done', async () => {
    await start('manila:POST:/v2/types=503');
    const json = { share_type: { name: 'never', extra_specs: { driver_handles_share_servers: 'False' } } };
    expect(await cloud.admin.manila('POST', '/types', { json })).toMatchObject({
      status: 503,
      body: {
        serviceUnavailable: {
          code: 503,
          message: 'The server is currently unavailable. Please try again at a later time.',
        },
      },
    });
    expect((await cloud.admin.manila('GET', '/types')).body).toMatchObject({ share_types: [] });
  });

  it('is a 413 that tells a rate from a quota by its Retry-After', async () => {
    await start('manila:POST:/v2/shares=413,retry-after=2,message=Too fast.');
    const answer = await cloud.alice.manila('POST', '/shares', { json: { share: { share_proto: 'NFS', size: 1 } } });
    expect(answer).toMatchObject({
      status: 413,
      body: { overLimit: { code: 413, message: 'Too fast.', retryAfter: '2' } },
    });
    expect(answer.headers.get('retry-after')).toBe('2');
  });

  it.each([
    [502, 'Bad Gateway'],
    [504, 'Gateway Timeout'],
  ])('is a page of the proxy in front where it is %i', async (status, title) => {
    await start(`manila=${status}`);
    const answer = await cloud.alice.manila('GET', '/shares');
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('text/html');
    expect(answer.text).toContain(title);
  });

  it('is in the form of Keystone there', async () => {
    await start('keystone:POST:/v3/auth/tokens=503,retry-after=1');
    const answer = await cloud.authenticate({ name: 'alice', domain: { name: 'Default' }, password: lab.password });
    expect(answer).toMatchObject({ status: 503, body: { error: { code: 503, title: 'Service Unavailable' } } });
    expect(answer.headers.get('retry-after')).toBe('1');
  });

  it('hits one action of a share and not the others', async () => {
    await start('manila:POST:/v2/shares/{share_id}/action#extend=500');
    await cloud.shareType('any', {}, { 'share_type_access:is_public': true });
    const id = await cloud.share({ share_type: `${cloud.prefix}-any` });
    const extend = { json: { extend: { new_size: 2 } } };
    expect((await cloud.alice.manila('POST', `/shares/${id}/action`, extend)).status).toBe(500);
    const allow = { json: { allow_access: { access_type: 'ip', access_to: '10.0.0.1' } } };
    expect((await cloud.alice.manila('POST', `/shares/${id}/action`, allow)).status).toBe(200);
  });
});

describe('what goes wrong on the way', () => {
  it('is a connection that is cut, recorded without a status', async () => {
    await start('manila:GET:/v2/shares=reset,times=1');
    lab.recorder.clear();
    await expect(cloud.alice.manila('GET', '/shares')).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
    expect((await cloud.alice.manila('GET', '/shares')).status).toBe(200);
    expect(lab.recorder.entries()).toEqual([
      { service: 'manila', method: 'GET', template: '/v2/shares', status: 0, faulty: true },
      { service: 'manila', method: 'GET', template: '/v2/shares', status: 200 },
    ]);
  });

  it('is an answer that takes its time', async () => {
    await start('manila:GET:/v2/types=delay,by=1s,times=1');
    const timed = async (): Promise<number> => {
      const began = performance.now();
      expect((await cloud.alice.manila('GET', '/types')).status).toBe(200);
      return performance.now() - began;
    };
    expect(await timed()).toBeGreaterThan(990);
    expect(await timed()).toBeLessThan(900);
  });

  it('is a token that is over, until the next login', async () => {
    await start('manila:GET:/v2/shares=token-expiry,times=1');
    expect((await cloud.alice.manila('GET', '/shares')).status).toBe(401);
    expect((await cloud.alice.manila('GET', '/shares')).status).toBe(401);
    expect((await cloud.alice.keystone('GET', '/auth/projects')).status).toBe(401);
    expect((await cloud.bob.manila('GET', '/shares')).status).toBe(200);
    const again = await cloud.login('alice', 'tenant-a');
    expect((await again.manila('GET', '/shares')).status).toBe(200);
  });

  it('is a token that Keystone refuses in the middle', async () => {
    await start('keystone:GET:/v3/auth/projects=token-expiry,times=1');
    expect((await cloud.alice.keystone('GET', '/auth/projects')).status).toBe(401);
  });
});

describe('a share that goes to error', () => {
  it('leaves a message, and the next one is well', async () => {
    await start('manila=share-error,times=1');
    await cloud.shareType('any');
    const create = (): Promise<string> => cloud.share({ share_type: `${cloud.prefix}-any` });
    const broken = await create();
    expect((await cloud.alice.manila('GET', `/shares/${broken}`)).body).toMatchObject({ share: { status: 'error' } });
    expect((await cloud.alice.manila('GET', `/messages?resource_id=${broken}`)).body).toMatchObject({
      messages: [{ action_id: '002', detail_id: '001', resource_type: 'SHARE', message_level: 'ERROR' }],
    });
    const fine = await create();
    expect((await cloud.alice.manila('GET', `/shares/${fine}`)).body).toMatchObject({ share: { status: 'available' } });
  });
});

describe('a rate of less than one', () => {
  it('hits the same requests with the same seed', async () => {
    await start('manila:GET:/v2/types=503,rate=0.5');
    const statuses = async (): Promise<number[]> => {
      const seen: number[] = [];
      for (let time = 0; time < 12; time++) seen.push((await cloud.alice.manila('GET', '/types')).status);
      return seen;
    };
    const first = await statuses();
    expect(new Set(first)).toEqual(new Set([200, 503]));
    await lab.close();
    await start('manila:GET:/v2/types=503,rate=0.5');
    expect(await statuses()).toEqual(first);
  });
});
