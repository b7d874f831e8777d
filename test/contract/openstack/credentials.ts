import { beforeAll, describe, expect, it } from 'vitest';
import { HEX_ID, keystoneError, unauthorized, type Answer, type Connected, type Login } from './cloud.ts';

/** Application credentials of Keystone, and their access rules as Manila keeps to them. */
export function credentialContract(cloud: () => Connected): void {
  describe('application credentials', () => {
    let owner: Login;
    let roleId = '';
    const base = (): string => `/users/${owner.userId}/application_credentials`;
    const make = (credential: object): Promise<Answer> =>
      owner.keystone('POST', base(), { json: { application_credential: credential } });
    const use = (payload: object, scope?: unknown): Promise<Answer> => {
      const identity = { methods: ['application_credential'], application_credential: payload };
      const json = { auth: { identity, ...(scope !== undefined && { scope }) } };
      return cloud().anonymous('POST', '/auth/tokens', { json });
    };
    const idOf = (answer: Answer): string =>
      (answer.body as { application_credential: { id: string } }).application_credential.id;
    const unassigned = keystoneError(
      400,
      'Bad Request',
      'Invalid application credential: Cannot create an application credential with unassigned role',
    );

    beforeAll(async () => {
      const { admin, alice, prefix } = cloud();
      const name = `${prefix}-owner`;
      const user = { name, password: 'owner', default_project_id: alice.projectId };
      const made = await admin.keystone('POST', '/users', { json: { user } });
      const { id } = (made.body as { user: { id: string } }).user;
      cloud().atEnd(() => admin.keystone('DELETE', `/users/${id}`));
      const roles = await admin.keystone('GET', '/roles?name=member');
      roleId = (roles.body as { roles: { id: string }[] }).roles[0]?.id ?? '';
      await admin.keystone('PUT', `/projects/${alice.projectId}/users/${id}/roles/${roleId}`);
      owner = cloud().loginOf(await cloud().authenticate({ id, password: 'owner' }));
    });

    it('are made by their owner with the roles of the token, and show their secret once', async () => {
      const made = await make({ name: 'plain', description: 'd' });
      expect(made).toMatchObject({
        status: 201,
        body: {
          application_credential: {
            id: HEX_ID,
            name: 'plain',
            description: 'd',
            user_id: owner.userId,
            project_id: owner.projectId,
            expires_at: null,
            unrestricted: null,
            secret: expect.stringMatching(/^[\w-]{86}$/) as string,
          },
        },
      });
      const { roles } = (made.body as { application_credential: { roles: { name: string }[] } }).application_credential;
      expect(roles.map(({ name }) => name).sort()).toEqual(['member', 'reader']);
      const shown = await owner.keystone('GET', `${base()}/${idOf(made)}`);
      expect(shown).toMatchObject({ status: 200, body: { application_credential: { name: 'plain' } } });
      expect(shown.body).not.toHaveProperty('application_credential.secret');
      expect(await owner.keystone('GET', base())).toMatchObject({
        body: { application_credentials: [{ name: 'plain' }], links: { next: null } },
      });
      expect(await make({ name: 'plain' })).toMatchObject(
        keystoneError(
          409,
          'Conflict',
          'Conflict occurred attempting to store application_credential - Duplicate entry found with name plain.',
        ),
      );
    });

    it('cannot be made for another user, not even by an administrator', async () => {
      const json = { application_credential: { name: 'foreign' } };
      expect(await cloud().admin.keystone('POST', base(), { json })).toMatchObject({ status: 403 });
      expect(await cloud().alice.keystone('POST', base(), { json })).toMatchObject({ status: 403 });
      expect(await cloud().admin.keystone('GET', base())).toMatchObject({ status: 200 });
    });

    it('have an end in the future and roles that the token has', async () => {
      const made = await make({ name: 'limited', roles: [{ name: 'member' }], expires_at: '2030-01-01T00:00:00' });
      expect(made).toMatchObject({
        status: 201,
        body: { application_credential: { expires_at: '2030-01-01T00:00:00.000000', roles: [{ name: 'member' }] } },
      });
      const bad = (sentence: string): object => ({
        status: 400,
        body: { error: { message: expect.stringContaining(sentence) as string } },
      });
      expect(await make({ name: 'x', expires_at: '2000-01-01T00:00:00' })).toMatchObject(
        bad("The 'expires_at' must not be before now."),
      );
      expect(await make({ name: 'x', expires_at: 'soon' })).toMatchObject(bad('Timestamp not in expected format.'));
      expect(await make({ name: 'x', roles: [{ name: 'admin' }] })).toMatchObject(unassigned);
      expect(await make({ name: 'x', roles: [{ name: 'nosuch' }] })).toMatchObject(
        keystoneError(404, 'Not Found', 'Role nosuch is not defined'),
      );
      expect(await make({})).toMatchObject(bad("'name' is a required property"));
      const lower = [{ method: 'get', path: '/v2/types', service: 'sharev2' }];
      expect(await make({ name: 'x', access_rules: lower })).toMatchObject(
        bad(
          "Invalid input for field 'access_rules/0/method': 'get' does not match '^(POST|GET|HEAD|PATCH|PUT|DELETE)$'",
        ),
      );
    });

    it('log in by id, or by name and user, and carry their own scope', async () => {
      const made = await make({ name: 'login', secret: 'my-secret' });
      const id = idOf(made);
      const answer = await use({ id, secret: 'my-secret' });
      expect(answer).toMatchObject({
        status: 201,
        body: {
          token: {
            methods: ['application_credential'],
            project: { id: owner.projectId },
            application_credential: { id, name: 'login', restricted: true },
          },
        },
      });
      const user = { id: owner.userId };
      expect(await use({ name: 'login', secret: 'my-secret', user })).toMatchObject({ status: 201 });
      expect(await use({ id, secret: 'wrong' })).toMatchObject(unauthorized);
      expect(await use({ name: 'nosuch', secret: 'x', user })).toMatchObject(unauthorized);
      expect(await use({ id: 'nosuch', secret: 'x' })).toMatchObject(
        keystoneError(404, 'Not Found', 'Could not find Application Credential: nosuch.'),
      );
      expect(await use({ name: 'login', secret: 'my-secret' })).toMatchObject({ status: 400 });
      expect(await use({ id, secret: 'my-secret' }, { project: { id: owner.projectId } })).toMatchObject(
        keystoneError(
          401,
          'Unauthorized',
          'Error authenticating with application credential: Application credentials cannot request a scope.',
        ),
      );
      const login = cloud().loginOf(answer);
      expect(await login.keystone('POST', base(), { json: { application_credential: { name: 'y' } } })).toMatchObject({
        status: 403,
      });
      const exchange = { methods: ['token'], token: { id: login.token } };
      const json = { auth: { identity: exchange } };
      expect(await cloud().anonymous('POST', '/auth/tokens', { json })).toMatchObject({ status: 403 });
    });

    it('allow only what their access rules name, and everything where the list is empty', async () => {
      const rules = [
        { method: 'GET', path: '/v2/shares/*', service: 'sharev2' },
        { method: 'GET', path: '/v2/types', service: 'sharev2' },
      ];
      const made = await make({ name: 'ruled', secret: 's', access_rules: rules });
      expect(made).toMatchObject({ body: { application_credential: { access_rules: rules } } });
      const answer = await use({ id: idOf(made), secret: 's' });
      expect(answer).toMatchObject({ body: { token: { application_credential: { access_rules: rules } } } });
      const ruled = cloud().loginOf(answer);
      expect(await ruled.manila('GET', '/types?is_public=all')).toMatchObject({ status: 200 });
      expect(await ruled.manila('GET', '/shares/detail')).toMatchObject({ status: 200 });
      expect(await ruled.manila('GET', '/shares/a/b')).toMatchObject(unauthorized);
      expect(await ruled.manila('GET', '/limits')).toMatchObject(unauthorized);
      expect(await ruled.manila('POST', '/types', { json: {} })).toMatchObject(unauthorized);
      const open = await make({ name: 'open', secret: 's', access_rules: [] });
      expect(open.body).not.toHaveProperty('application_credential.access_rules');
      const free = cloud().loginOf(await use({ id: idOf(open), secret: 's' }));
      expect(await free.manila('GET', '/limits')).toMatchObject({ status: 200 });
    });

    it('are refused while the owner lacks the role, and gone for good when deleted', async () => {
      const { admin } = cloud();
      const made = await make({ name: 'gone', secret: 's' });
      const id = idOf(made);
      const grant = `/projects/${owner.projectId}/users/${owner.userId}/roles/${roleId}`;
      await admin.keystone('DELETE', grant);
      expect(await use({ id, secret: 's' })).toMatchObject(unauthorized);
      await admin.keystone('PUT', grant);
      expect(await use({ id, secret: 's' })).toMatchObject({ status: 201 });
      const again = cloud().loginOf(await cloud().authenticate({ id: owner.userId, password: 'owner' }));
      expect(await cloud().anonymous('DELETE', `${base()}/${id}`)).toMatchObject(unauthorized);
      expect(await again.keystone('DELETE', `${base()}/${id}`)).toMatchObject({ status: 204 });
      const missing = keystoneError(404, 'Not Found', `Could not find Application Credential: ${id}.`);
      expect(await again.keystone('DELETE', `${base()}/${id}`)).toMatchObject(missing);
      expect(await use({ id, secret: 's' })).toMatchObject(missing);
    });
  });
}
