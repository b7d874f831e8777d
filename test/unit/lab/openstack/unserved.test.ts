import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startOpenStack, type LabOpenStack } from '../../../../src/lab/openstack/index.ts';
import { Connected } from '../../../contract/openstack/cloud.ts';

let lab: LabOpenStack;
let cloud: Connected;

beforeAll(async () => {
  lab = await startOpenStack({ delayMs: 5 });
  cloud = await new Connected(lab).connect();
});

afterAll(async () => {
  await lab.close();
});

describe('what the lab has not got', () => {
  it.each([
    ['GET', '/share-groups/detail'],
    ['POST', '/share-replicas'],
    ['GET', '/share_instances'],
    ['GET', '/share-servers'],
    ['POST', '/security-services'],
    ['POST', '/shares/manage'],
    ['GET', '/shares/4711/instances'],
    ['GET', '/snapshots/4711/export-locations'],
    ['GET', '/os-quota-sets/4711'],
    ['POST', '/share-networks/4711/action'],
  ])('is a 501 of Manila that names the path: %s %s', async (method, path) => {
    expect(await cloud.admin.manila(method, path)).toMatchObject({
      status: 501,
      body: { notImplemented: { code: 501, message: `The lab does not serve ${method} /v2${path}.` } },
    });
  });

  it.each([
    ['GET', '/groups'],
    ['POST', '/OS-TRUST/trusts'],
    ['GET', '/registered_limits'],
    ['PUT', '/system/users/4711/roles/4712'],
  ])('is a 501 of Keystone that names the path: %s %s', async (method, path) => {
    expect(await cloud.admin.keystone(method, path)).toMatchObject({
      status: 501,
      body: { error: { code: 501, message: `The lab does not serve ${method} /v3${path}.`, title: 'Not Implemented' } },
    });
  });

  it('is a 501 that names the action of a share', async () => {
    await cloud.shareType('any');
    const id = await cloud.share({ share_type: `${cloud.prefix}-any` });
    const act = async (action: object): Promise<unknown> =>
      cloud.admin.manila('POST', `/shares/${id}/action`, { json: action });
    expect(await act({ unmanage: null })).toMatchObject({
      status: 501,
      body: { notImplemented: { code: 501, message: 'The lab does not serve the action unmanage.' } },
    });
    expect(await act({ nonsense: null })).toMatchObject({ status: 400 });
  });

  it('is not confused with what no OpenStack has', async () => {
    const html = await cloud.admin.manila('GET', '/nonsense');
    expect(html.status).toBe(404);
    expect(html.headers.get('content-type')).toContain('text/html');
    const json = await cloud.admin.manila('GET', '/nonsense', { headers: { accept: 'application/json' } });
    expect(json).toMatchObject({ status: 404, body: { code: '404 Not Found', title: 'Not Found' } });
  });

  it('needs a good token first', async () => {
    const answer = await fetch(`${lab.manilaUrl}/share-groups`, { headers: { 'x-auth-token': 'none' } });
    expect(answer.status).toBe(401);
  });
});

describe('a mistake of the lab', () => {
  it('is a 500 that says whose it is', async () => {
    const list = lab.manila.types;
    Object.assign(lab.manila, { types: undefined });
    const answer = await cloud.admin.manila('GET', '/types');
    Object.assign(lab.manila, { types: list });
    expect(answer).toMatchObject({
      status: 500,
      body: { computeFault: { message: expect.stringContaining('The lab failed at GET /v2/types: ') as string } },
    });
  });
});

describe('what is recorded', () => {
  it('is every request, with the variable parts of its path named', async () => {
    const type = await cloud.shareType('recorded');
    lab.recorder.clear();
    await cloud.admin.manila('GET', `/types/${type}/extra_specs`);
    await cloud.admin.manila('GET', `/${cloud.admin.projectId}/types/${type}/extra_specs`);
    await cloud.alice.manila('GET', `/quota-sets/${cloud.alice.projectId}/detail`);
    await cloud.alice.manila('POST', '/shares/4711/action', { json: { extend: { new_size: 2 } } });
    await cloud.admin.keystone('HEAD', `/projects/${cloud.admin.projectId}/users/4711/roles/4712`);
    await cloud.admin.manila('GET', '/types', { version: '2.99' });
    await cloud.admin.manila('GET', '/nonsense');
    expect(lab.recorder.entries()).toEqual([
      { service: 'manila', method: 'GET', template: '/v2/types/{type_id}/extra_specs', status: 200 },
      { service: 'manila', method: 'GET', template: '/v2/types/{type_id}/extra_specs', status: 200 },
      { service: 'manila', method: 'GET', template: '/v2/quota-sets/{project_id}/detail', status: 200 },
      { service: 'manila', method: 'POST', template: '/v2/shares/{share_id}/action#extend', status: 404 },
      {
        service: 'keystone',
        method: 'HEAD',
        template: '/v3/projects/{project_id}/users/{user_id}/roles/{role_id}',
        status: 404,
      },
      { service: 'manila', method: 'GET', template: '/v2/types', status: 406 },
      { service: 'manila', method: 'GET', template: '/v2/nonsense', status: 404 },
    ]);
  });
});
