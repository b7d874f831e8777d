import { beforeAll, describe, expect, it } from 'vitest';
import { HEX_ID, keystoneError, type Connected } from './cloud.ts';

/** Projects, users, roles and the catalog of Keystone. */
export function identityContract(cloud: () => Connected): void {
  const notAllowed = (action: string): object =>
    keystoneError(403, 'Forbidden', `You are not authorized to perform the requested action: identity:${action}.`);
  const missing = (what: string): object => keystoneError(404, 'Not Found', `Could not find ${what}.`);

  describe('Keystone: projects, roles and the catalog', () => {
    it('finds projects by name, whatever the capital letters, for administrators only', async () => {
      const found = await cloud().admin.keystone('GET', '/projects?name=TENANT-A');
      const { projectId } = cloud().alice;
      expect(found).toMatchObject({
        status: 200,
        body: {
          projects: [
            {
              id: projectId,
              name: 'tenant-a',
              domain_id: 'default',
              enabled: true,
              parent_id: 'default',
              is_domain: false,
              links: { self: `${cloud().authUrl}/projects/${projectId}` },
            },
          ],
          links: { next: null, previous: null, self: `${cloud().authUrl}/projects?name=TENANT-A` },
        },
      });
      expect(await cloud().admin.keystone('GET', '/projects?name=nosuch')).toMatchObject({ body: { projects: [] } });
      expect(await cloud().alice.keystone('GET', '/projects?name=tenant-a')).toMatchObject(notAllowed('list_projects'));
    });

    it('shows a member the own project only', async () => {
      const { alice, bob, admin } = cloud();
      expect(await alice.keystone('GET', `/projects/${alice.projectId}`)).toMatchObject({ status: 200 });
      expect(await alice.keystone('GET', `/projects/${bob.projectId}`)).toMatchObject(notAllowed('get_project'));
      expect(await admin.keystone('GET', '/projects/nosuch')).toMatchObject(missing('project: nosuch'));
      const own = await alice.keystone('GET', '/auth/projects');
      expect((own.body as { projects: { name: string }[] }).projects.map(({ name }) => name)).toEqual(['tenant-a']);
    });

    it('finds roles, domains, services and endpoints', async () => {
      const { admin, alice } = cloud();
      expect(await admin.keystone('GET', '/roles?name=member')).toMatchObject({
        body: { roles: [{ id: HEX_ID, name: 'member', domain_id: null, options: { immutable: true } }] },
      });
      expect(await admin.keystone('GET', '/roles?name=nosuch')).toMatchObject({ status: 200, body: { roles: [] } });
      expect(await alice.keystone('GET', '/roles?name=member')).toMatchObject(notAllowed('list_roles'));
      expect(await admin.keystone('GET', '/domains?name=Default')).toMatchObject({
        body: { domains: [{ id: 'default', name: 'Default', enabled: true }] },
      });
      expect(await alice.keystone('GET', '/domains/default')).toMatchObject({ status: 200 });
      expect(await admin.keystone('GET', '/services?type=sharev2')).toMatchObject({
        body: { services: [{ id: HEX_ID, name: 'manilav2', type: 'sharev2', enabled: true }] },
      });
      const endpoints = await admin.keystone('GET', '/endpoints?interface=public');
      expect((endpoints.body as { endpoints: object[] }).endpoints).toHaveLength(2);
      expect(await alice.keystone('GET', '/regions')).toMatchObject({ body: { regions: [{ id: 'RegionOne' }] } });
      const catalog = await alice.keystone('GET', '/auth/catalog');
      const services = (catalog.body as { catalog: { id: string; type: string }[] }).catalog;
      expect(services.map(({ type }) => type).sort()).toEqual(['identity', 'sharev2']);
    });
  });

  describe('Keystone: users and grants', () => {
    let userId = '';
    let roleId = '';
    const name = (): string => `${cloud().prefix}-user`;
    const loginAs = (password: string): ReturnType<Connected['authenticate']> =>
      cloud().authenticate({ id: userId, password });

    beforeAll(async () => {
      const made = await cloud().admin.keystone('POST', '/users', {
        json: {
          user: {
            name: name(),
            domain_id: 'default',
            password: 'first',
            enabled: true,
            description: 'made by a test',
            default_project_id: cloud().alice.projectId,
          },
        },
      });
      expect(made).toMatchObject({
        status: 201,
        body: {
          user: { id: HEX_ID, name: name(), domain_id: 'default', enabled: true, description: 'made by a test' },
        },
      });
      expect(made.text).not.toContain('first');
      userId = (made.body as { user: { id: string } }).user.id;
      cloud().atEnd(() => cloud().admin.keystone('DELETE', `/users/${userId}`));
      const roles = await cloud().admin.keystone('GET', '/roles?name=member');
      roleId = (roles.body as { roles: { id: string }[] }).roles[0]?.id ?? '';
    });

    it('finds a user by name and domain, and none twice', async () => {
      const { admin, alice } = cloud();
      const found = await admin.keystone('GET', `/users?name=${name()}&domain_id=default`);
      expect(found).toMatchObject({ status: 200, body: { users: [{ id: userId, name: name() }] } });
      expect(await admin.keystone('POST', '/users', { json: { user: { name: name() } } })).toMatchObject(
        keystoneError(
          409,
          'Conflict',
          `Conflict occurred attempting to store user - Duplicate entry found with name ${name()} at domain ID default.`,
        ),
      );
      expect(await alice.keystone('GET', `/users?name=${name()}`)).toMatchObject(notAllowed('list_users'));
      expect(await alice.keystone('POST', '/users', { json: { user: { name: 'x' } } })).toMatchObject(
        notAllowed('create_user'),
      );
      expect(await alice.keystone('GET', `/users/${userId}`)).toMatchObject(notAllowed('get_user'));
      expect(await admin.keystone('GET', `/users/${userId}`)).toMatchObject({
        status: 200,
        body: { user: { id: userId } },
      });
      expect(await admin.keystone('GET', '/users/nosuch')).toMatchObject(missing('user: nosuch'));
    });

    it('grants a role as often as it is asked to, tells whether it is there, and takes it back once', async () => {
      const { admin, alice } = cloud();
      const grant = `/projects/${alice.projectId}/users/${userId}/roles/${roleId}`;
      expect(await admin.keystone('HEAD', grant)).toMatchObject({ status: 404 });
      expect(await admin.keystone('PUT', grant)).toMatchObject({ status: 204, text: '' });
      expect(await admin.keystone('PUT', grant)).toMatchObject({ status: 204 });
      expect(await admin.keystone('HEAD', grant)).toMatchObject({ status: 204 });
      expect(await alice.keystone('PUT', grant)).toMatchObject(notAllowed('create_grant'));
      const query = `user.id=${userId}&scope.project.id=${alice.projectId}`;
      expect(await admin.keystone('GET', `/role_assignments?${query}&include_names`)).toMatchObject({
        body: {
          role_assignments: [
            {
              user: { id: userId, name: name() },
              role: { id: roleId, name: 'member' },
              scope: { project: { id: alice.projectId, name: 'tenant-a' } },
            },
          ],
        },
      });
      const effective = await admin.keystone('GET', `/role_assignments?${query}&effective&include_names`);
      const names = (effective.body as { role_assignments: { role: { name: string } }[] }).role_assignments;
      expect(names.map(({ role }) => role.name).sort()).toEqual(['member', 'reader']);
      expect(await admin.keystone('PUT', grant.replace(userId, 'nosuch'))).toMatchObject(missing('user: nosuch'));
      expect(await admin.keystone('DELETE', grant)).toMatchObject({ status: 204 });
      expect(await admin.keystone('DELETE', grant)).toMatchObject({ status: 404 });
    });

    it('changes a password, and refuses the old one', async () => {
      const changed = await cloud().admin.keystone('PATCH', `/users/${userId}`, {
        json: { user: { password: 'second' } },
      });
      expect(changed).toMatchObject({ status: 200, body: { user: { id: userId } } });
      expect(await loginAs('first')).toMatchObject({ status: 401 });
      expect(await loginAs('second')).toMatchObject({ status: 201 });
      const json = { user: { original_password: 'second', password: 'third' } };
      expect(await cloud().anonymous('POST', `/users/${userId}/password`, { json })).toMatchObject({ status: 204 });
      expect(await loginAs('third')).toMatchObject({ status: 201 });
    });

    it('refuses the login of a disabled user, and forgets a deleted one', async () => {
      const { admin } = cloud();
      await admin.keystone('PATCH', `/users/${userId}`, { json: { user: { enabled: false } } });
      expect(await loginAs('third')).toMatchObject({ status: 401 });
      expect(await admin.keystone('DELETE', `/users/${userId}`)).toMatchObject({ status: 204 });
      expect(await admin.keystone('DELETE', `/users/${userId}`)).toMatchObject(missing(`user: ${userId}`));
    });
  });
}
