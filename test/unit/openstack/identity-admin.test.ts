import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Keystone } from '../../../src/openstack/identity-admin.ts';
import { openSessionWith } from '../../../src/openstack/session.ts';
import { startCloud, type TestCloud } from '../../support/cloud.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await startCloud();
});
afterEach(() => cloud[Symbol.asyncDispose]());

const as = async (name: string): Promise<Keystone> => new Keystone(await cloud.session(name));

describe('a project', () => {
  it('is found by name and by id', async () => {
    const admin = await as('admin');
    const project = await admin.findProject('tenant-b');
    expect(project).toEqual({
      id: 'aaaa0000000000000000000000000003',
      name: 'tenant-b',
      domainId: 'default',
      enabled: true,
    });
    expect(await admin.findProject(project.id)).toEqual(project);
  });

  it('of its own is found by a member too, another one is not', async () => {
    const alice = await as('alice');
    expect((await alice.findProject('tenant-a')).name).toBe('tenant-a');
    expect((await alice.findProject('aaaa0000000000000000000000000002')).name).toBe('tenant-a');
    for (const other of ['tenant-b', 'aaaa0000000000000000000000000003']) {
      await expect(alice.findProject(other)).rejects.toMatchObject({
        code: 'unknown-project',
        exitCode: 2,
        remedy: 'projects of this user: tenant-a; all of them: openstack project list',
      });
    }
  });

  it('that was written wrong is guessed', async () => {
    await expect((await as('alice')).findProject('tenant-q')).rejects.toThrow('(did you mean "tenant-a"?)');
  });

  it('whose name is there in two domains must be given by id', async () => {
    cloud.keystone.projects.push({ id: 'f'.repeat(32), name: 'tenant-a' });
    await expect((await as('admin')).findProject('tenant-a')).rejects.toMatchObject({
      code: 'ambiguous-project',
      exitCode: 2,
      remedy: expect.stringContaining('f'.repeat(32)) as unknown,
    });
  });
});

it('makes a user with a role, who makes a credential for itself that logs in', async () => {
  const session = await cloud.session('admin');
  const admin = new Keystone(session);
  const { id: projectId } = await admin.findProject('tenant-a');
  const role = await admin.findRole('member');
  expect(await admin.findUser('csi', 'default')).toBeUndefined();
  const user = await admin.createUser({ name: 'csi', domainId: 'default', password: 'first-passw0rd' });
  expect(await admin.hasRole(user.id, projectId, role.id)).toBe(false);
  await admin.grantRole(user.id, projectId, role.id);
  await admin.grantRole(user.id, projectId, role.id);
  expect(await admin.hasRole(user.id, projectId, role.id)).toBe(true);
  await admin.setUserPassword(user.id, 'second-passw0rd');

  const ctx = cloud.context('admin');
  const scope = { project: { id: projectId } };
  const own = openSessionWith(ctx, session, {
    method: 'password',
    user: { id: user.id },
    password: 'second-passw0rd',
    scope,
  });
  const keystone = new Keystone(own);
  const made = await keystone.createApplicationCredential(user.id, {
    name: 'manila-csi',
    roles: ['member'],
    expiresAt: Date.UTC(2030, 0, 2, 3, 4, 5),
    accessRules: [{ method: 'GET', path: '/v2/types', service: 'sharev2' }],
  });
  expect(cloud.keystone.requests.at(-1)?.body).toMatchObject({
    application_credential: { expires_at: '2030-01-02T03:04:05', roles: [{ name: 'member' }] },
  });
  expect(await keystone.listApplicationCredentials(user.id)).toEqual([
    {
      id: made.id,
      name: 'manila-csi',
      description: '',
      projectId,
      roles: ['member'],
      accessRules: [{ method: 'GET', path: '/v2/types', service: 'sharev2' }],
      unrestricted: false,
      expiresAt: Date.UTC(2030, 0, 2, 3, 4, 5),
    },
  ]);
  const { id, secret } = made;
  const driver = openSessionWith(ctx, session, { method: 'application-credential', id, secret });
  expect((await driver.identity()).applicationCredential).toMatchObject({ name: 'manila-csi', restricted: true });
  expect(await keystone.deleteApplicationCredential(user.id, id)).toBe(true);
  expect(await keystone.deleteApplicationCredential(user.id, id)).toBe(false);
  await expect(
    openSessionWith(ctx, session, { method: 'application-credential', id, secret }).identity(),
  ).rejects.toMatchObject({ status: 404 });
});

it('never sends an empty list of access rules, which would mean no restriction', async () => {
  const session = await cloud.session('alice');
  const { user } = await session.identity();
  await new Keystone(session).createApplicationCredential(user.id, { name: 'n', accessRules: [] });
  expect(cloud.keystone.requests.at(-1)?.body).toEqual({ application_credential: { name: 'n' } });
});

it('cannot make a credential for somebody else', async () => {
  const admin = await as('admin');
  const alice = await admin.findUser('alice', 'default');
  await expect(admin.createApplicationCredential(alice?.id ?? '', { name: 'n' })).rejects.toMatchObject({
    status: 403,
  });
});

it('names a role that is missing', async () => {
  await expect((await as('admin')).findRole('storage')).rejects.toMatchObject({ code: 'unknown-role', exitCode: 3 });
});
