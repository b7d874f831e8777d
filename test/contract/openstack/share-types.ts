import { beforeAll, describe, expect, it } from 'vitest';
import {
  badRequest,
  conflict,
  fault,
  forbidden,
  notFound,
  unauthorized,
  UUID,
  VERSION,
  type Answer,
  type Connected,
} from './cloud.ts';

/** How Manila answers at all: discovery, microversions, the four forms of an error. */
export function manilaContract(cloud: () => Connected): void {
  describe('Manila: versions and errors', () => {
    it('lists its versions with 300 to everybody, and v2 to who has a token', async () => {
      const root = await fetch(`${cloud().manilaUrl.replace(/\/v2$/, '')}/`);
      expect(root.status).toBe(300);
      const { versions } = (await root.json()) as { versions: { id: string }[] };
      expect(versions.map(({ id }) => id)).toEqual(['v1.0', 'v2.0']);
      const v2 = { id: 'v2.0', status: 'CURRENT', version: '2.73', min_version: '2.0' };
      expect(versions[1]).toMatchObject(v2);
      const own = await cloud().alice.manila('GET', '/', { version: null });
      expect(own).toMatchObject({ status: 200, body: { versions: [v2] } });
      expect(own.headers.get(VERSION)).toBe('2.0');
      const stranger = await fetch(`${cloud().manilaUrl}/`);
      expect(stranger.status).toBe(401);
      expect(stranger.headers.get('www-authenticate')).toBe(`Keystone uri="${cloud().authUrl}"`);
    });

    it('repeats the microversion of a request, and takes none for 2.0', async () => {
      const answer = await cloud().alice.manila('GET', '/types', { version: '2.50' });
      expect(answer.headers.get(VERSION)).toBe('2.50');
      expect(answer.headers.get('vary')).toBe('X-OpenStack-Manila-API-Version');
      expect(answer.headers.get('x-compute-request-id')).toMatch(/^req-[0-9a-f-]{36}$/);
      expect((await cloud().alice.manila('GET', '/types', { version: null })).headers.get(VERSION)).toBe('2.0');
    });

    it('refuses what is above 2.73 with 406 and `latest` with 400, in templates', async () => {
      const template =
        'Version %(req_ver)s is not supported by the API. Minimum is %(min_ver)s and maximum is %(max_ver)s.';
      for (const version of ['2.74', '2.99', '1.0', '3.0']) {
        const answer = await cloud().alice.manila('GET', '/types', { version });
        expect(answer).toMatchObject(fault(406, 'computeFault', template));
        expect(answer.headers.get(VERSION)).toBe(version);
      }
      expect(await cloud().alice.manila('GET', '/types', { version: 'latest' })).toMatchObject(
        badRequest('API Version String %(version)s is of invalid format. Must be of format MajorNum.MinorNum.'),
      );
    });

    it('answers a call that the microversion has not as if nothing were there', async () => {
      const { admin } = cloud();
      expect(await admin.manila('GET', '/messages', { version: '2.36' })).toMatchObject(notFound());
      expect(await admin.manila('GET', '/share-access-rules?share_id=x', { version: '2.44' })).toMatchObject(
        notFound(),
      );
      const json = { share_type: { description: 'x' } };
      expect(await admin.manila('PUT', '/types/x', { version: '2.49', json })).toMatchObject(notFound());
    });

    it('lets the middleware refuse bad tokens, and webob what it does not know', async () => {
      const { alice, manilaUrl } = cloud();
      const bad = await alice.manila('GET', '/types', { headers: { 'x-auth-token': 'bad' } });
      expect(bad).toMatchObject(unauthorized);
      expect(bad.headers.get('x-compute-request-id')).toBeNull();
      const html = await alice.manila('GET', '/nosuch');
      expect(html.status).toBe(404);
      expect(html.headers.get('content-type')).toBe('text/html; charset=UTF-8');
      const json = await alice.manila('GET', '/nosuch', { headers: { accept: 'application/json' } });
      expect(json).toMatchObject({ status: 404, body: { code: '404 Not Found', title: 'Not Found' } });
      const keystone = await cloud().anonymous('POST', '/auth/tokens', { json: {} }, manilaUrl.replace(/\/v2$/, '/v3'));
      expect(keystone.status).toBe(404);
      expect(keystone.headers.get('content-type')).toBe('text/html; charset=UTF-8');
    });

    it('takes the own project in the path, and no other', async () => {
      const { alice, bob } = cloud();
      expect(await alice.manila('GET', `/${alice.projectId}/types`)).toMatchObject({ status: 200 });
      expect(await alice.manila('GET', `/${bob.projectId}/types`)).toMatchObject(badRequest('Malformed request url'));
    });

    it('calls a body malformed that is too large, no JSON, or not said to be JSON', async () => {
      const { admin } = cloud();
      const large = await admin.manila('POST', '/types', { json: { x: 'x'.repeat(114_700) } });
      expect(large.status).toBe(413);
      expect(large.text).toContain('Request is too large. Larger than max_request_body_size (114688).');
      expect(await admin.manila('POST', '/types', { json: '{' })).toMatchObject(badRequest('Malformed request body'));
      const text = { json: '{}', headers: { 'content-type': 'text/plain' } };
      expect(await admin.manila('POST', '/types', text)).toMatchObject(
        badRequest('The server could not comply with the request since it is either malformed or otherwise incorrect.'),
      );
    });

    it('refuses a token without a project in a sentence of its own', async () => {
      const user = { name: 'alice', domain: { name: 'Default' }, password: cloud().password };
      const unscoped = cloud().loginOf(await cloud().authenticate(user, 'unscoped'));
      expect(await unscoped.manila('GET', '/types')).toMatchObject(forbidden('Not authorized.'));
    });
  });
}

/** Share types, their extra specs and who may see them. */
export function shareTypeContract(cloud: () => Connected): void {
  describe('Manila: share types', () => {
    let id = '';
    const name = (): string => `${cloud().prefix}-gold`;
    const specs = {
      driver_handles_share_servers: 'False',
      snapshot_support: 'True',
      share_backend_name: 'ALPHA',
      availability_zones: 'nova , az2',
    };
    const create = (type: object, version = '2.73'): Promise<Answer> =>
      cloud().admin.manila('POST', '/types', { json: { share_type: type }, version });
    const update = (change: object): Promise<Answer> =>
      cloud().admin.manila('PUT', `/types/${id}`, { json: { share_type: change } });
    const named = (answer: Answer): string[] =>
      (answer.body as { share_types: { name: string }[] }).share_types.map((type) => type.name);

    beforeAll(async () => {
      const made = await create({ name: name(), description: 'made by a test', extra_specs: specs });
      const type = {
        id: UUID,
        name: name(),
        description: 'made by a test',
        extra_specs: { ...specs, availability_zones: 'nova,az2' },
        required_extra_specs: { driver_handles_share_servers: 'False' },
        'share_type_access:is_public': true,
        is_default: false,
      };
      expect(made).toMatchObject({ status: 200, body: { share_type: type, volume_type: type } });
      id = (made.body as { share_type: { id: string } }).share_type.id;
      cloud().atEnd(() => cloud().admin.manila('DELETE', `/types/${id}`));
    });

    it('show administrators what is stored, and tenants the standard specs with inferred booleans', async () => {
      expect(await cloud().admin.manila('GET', `/types/${id}`)).toMatchObject({
        status: 200,
        body: { share_type: { extra_specs: { share_backend_name: 'ALPHA' } } },
      });
      const seen = await cloud().alice.manila('GET', `/types/${id}`);
      expect((seen.body as { share_type: { extra_specs: object } }).share_type.extra_specs).toEqual({
        driver_handles_share_servers: 'False',
        snapshot_support: 'True',
        availability_zones: 'nova,az2',
        create_share_from_snapshot_support: false,
        revert_to_snapshot_support: false,
        mount_snapshot_support: false,
      });
      expect(await cloud().alice.manila('GET', `/types/${id}/extra_specs`)).toMatchObject(forbidden());
      expect(await cloud().admin.manila('GET', `/types/${name()}`)).toMatchObject(notFound('Share type not found.'));
    });

    it('grow fields with the microversion', async () => {
      const keys = async (version: string): Promise<string[]> => {
        const answer = await cloud().admin.manila('GET', `/types/${id}`, { version });
        return Object.keys((answer.body as { share_type: object }).share_type).sort();
      };
      const always = ['extra_specs', 'id', 'name', 'required_extra_specs'];
      expect(await keys('2.6')).toEqual([...always, 'os-share-type-access:is_public'].sort());
      expect(await keys('2.7')).toEqual([...always, 'share_type_access:is_public'].sort());
      expect(await keys('2.41')).toEqual([...always, 'share_type_access:is_public', 'description'].sort());
      expect(await keys('2.46')).toEqual(
        [...always, 'share_type_access:is_public', 'description', 'is_default'].sort(),
      );
    });

    it('are unique by name, whatever the capital letters', async () => {
      const twice = { name: name().toUpperCase(), extra_specs: { driver_handles_share_servers: 'False' } };
      expect(await create(twice)).toMatchObject(conflict('Share Type %(id)s already exists.'));
    });

    it('need a name and a good driver_handles_share_servers', async () => {
      const with_ = (extraSpecs: object): Promise<Answer> => create({ name: `${name()}-x`, extra_specs: extraSpecs });
      const template = badRequest('Invalid extra_spec: %(reason)s.');
      expect(await with_({})).toMatchObject(template);
      expect(await with_({ driver_handles_share_servers: '<is> True' })).toMatchObject(template);
      const optional = badRequest('Invalid share type: Invalid extra_spec: %(reason)s.');
      const dhss = { driver_handles_share_servers: 'False' };
      expect(await with_({ ...dhss, snapshot_support: 'maybe' })).toMatchObject(optional);
      expect(await with_({ ...dhss, replication_type: 'x' })).toMatchObject(optional);
      expect(await with_({ ...dhss, availability_zones: 'a,,b' })).toMatchObject(optional);
      expect(await with_({ ...dhss, 'provisioning:max_share_size': '0' })).toMatchObject(
        badRequest('share_size must be >= 1'),
      );
      expect(await create({ name: '', extra_specs: dhss })).toMatchObject(
        badRequest('Type name or description is not valid.'),
      );
      const json = { share_type: { name: 'x', extra_specs: dhss } };
      expect(await cloud().alice.manila('POST', '/types', { json })).toMatchObject(forbidden());
    });

    it('have names that the database keeps apart: not by case, accents or blanks at the end, three bytes a character', async () => {
      const made: string[] = [];
      const status = async (suffix: string, more: object = {}): Promise<number> => {
        const answer = await create({ name: `${name()}${suffix}`, extra_specs: specs, ...more });
        if (answer.status === 200) made.push((answer.body as { share_type: { id: string } }).share_type.id);
        return answer.status;
      };
      expect(await status('')).toBe(409);
      expect(await status(' ')).toBe(409);
      expect(await create({ name: name().toUpperCase(), extra_specs: specs })).toMatchObject({ status: 409 });
      expect(await status('-é')).toBe(200);
      expect(await status('-E')).toBe(409);
      expect(await status('-e\u0301')).toBe(200);
      expect(await status('-a b/\t"\n☂')).toBe(200);
      expect(await status('-😀')).toBe(500);
      expect(await status('-x', { description: '😀' })).toBe(500);
      for (const one of made)
        expect(await cloud().admin.manila('DELETE', `/types/${one}`)).toMatchObject({ status: 202 });
    });

    it('are listed by name, public ones by default, to administrators all on request', async () => {
      const dhss = { driver_handles_share_servers: 'False' };
      await cloud().shareType('a', dhss);
      await cloud().shareType('private', dhss, { 'share_type_access:is_public': false });
      const ours = (answer: Answer): string[] => named(answer).filter((one) => one.startsWith(cloud().prefix));
      const [first, gold, hidden] = ['a', 'gold', 'private'].map((one) => `${cloud().prefix}-${one}`);
      expect(ours(await cloud().admin.manila('GET', '/types'))).toEqual([first, gold]);
      expect(ours(await cloud().admin.manila('GET', '/types?is_public=all'))).toEqual([first, gold, hidden]);
      expect(ours(await cloud().admin.manila('GET', '/types?is_public=false'))).toEqual([hidden]);
      expect(ours(await cloud().alice.manila('GET', '/types?is_public=all'))).toEqual([first, gold]);
      const filter = encodeURIComponent("{'share_backend_name': 'ALPHA'}");
      expect(ours(await cloud().admin.manila('GET', `/types?extra_specs=${filter}`))).toEqual([gold]);
      expect(await cloud().admin.manila('GET', '/types?is_public=x')).toMatchObject(
        badRequest('Invalid is_public filter [x]'),
      );
      expect(await cloud().alice.manila('GET', '/types/default')).toMatchObject(
        notFound('Default share type not found'),
      );
    });

    it('change name, description and visibility, and nothing else', async () => {
      expect(await update({ description: 'changed' })).toMatchObject({
        status: 200,
        body: { share_type: { description: 'changed', extra_specs: { snapshot_support: 'True' } } },
      });
      expect(await update({ description: '' })).toMatchObject({ body: { share_type: { description: null } } });
      expect(await update({})).toMatchObject(
        badRequest('Specify share type name, description, share_type_access:is_public or a combination thereof.'),
      );
      expect(await update({ 'share_type_access:is_public': 'x' })).toMatchObject(
        badRequest('share_type_access:is_public has a non-boolean value.'),
      );
      const other = await cloud().shareType('b');
      const json = { share_type: { name: name() } };
      expect(await cloud().admin.manila('PUT', `/types/${other}`, { json })).toMatchObject(
        conflict(`Share Type ${name()} already exists.`),
      );
      expect(await cloud().admin.manila('PUT', '/types/nosuch', { json })).toMatchObject(
        notFound('ShareTypeNotFound: Share type nosuch could not be found.'),
      );
    });

    it('take extra specs one by one or many, echo them, and store booleans as digits', async () => {
      const { admin } = cloud();
      const path = `/types/${id}/extra_specs`;
      const added = { 'vendor:key': 'x', flag: true };
      expect(await admin.manila('POST', path, { json: { extra_specs: added } })).toMatchObject({
        status: 200,
        body: { extra_specs: added },
      });
      expect(await admin.manila('GET', path)).toMatchObject({
        body: { extra_specs: { 'vendor:key': 'x', flag: '1', snapshot_support: 'True' } },
      });
      expect(await admin.manila('GET', `${path}/vendor%3Akey`)).toMatchObject({ body: { 'vendor:key': 'x' } });
      expect(await admin.manila('PUT', `${path}/vendor%3Akey`, { json: { 'vendor:key': 'y' } })).toMatchObject({
        status: 200,
        body: { 'vendor:key': 'y' },
      });
      const post = (extraSpecs: object): Promise<Answer> =>
        admin.manila('POST', path, { json: { extra_specs: extraSpecs } });
      expect(await post({ number: 5 })).toMatchObject(badRequest('Invalid extra_spec: number: 5'));
      expect(await post({ empty: '' })).toMatchObject(badRequest('Invalid extra_spec: empty: '));
      expect(await post({ 'a b': 'c' })).toMatchObject(
        badRequest('Key names can only contain alphanumeric characters, underscores, periods, colons and hyphens.'),
      );
    });

    it('lose extra specs one by one, but never driver_handles_share_servers', async () => {
      const { admin, alice } = cloud();
      const path = `/types/${id}/extra_specs`;
      await admin.manila('POST', path, { json: { extra_specs: { 'vendor:gone': 'x' } } });
      expect(await admin.manila('DELETE', `${path}/vendor%3Agone`)).toMatchObject({ status: 202, text: '' });
      expect(await admin.manila('DELETE', `${path}/vendor%3Agone`)).toMatchObject(
        notFound(`Share Type ${id} has no extra specs with key vendor:gone.`),
      );
      expect(await admin.manila('DELETE', `${path}/driver_handles_share_servers`)).toMatchObject(
        forbidden("Extra spec 'driver_handles_share_servers' can't be deleted."),
      );
      expect(await alice.manila('DELETE', `${path}/snapshot_support`)).toMatchObject(forbidden());
    });

    it('are shared with projects while they are private', async () => {
      const { admin, alice } = cloud();
      const [access, action] = [`/types/${id}/share_type_access`, `/types/${id}/action`];
      const act = (what: string, project: string): Promise<Answer> =>
        admin.manila('POST', action, { json: { [what]: { project } } });
      expect(await admin.manila('GET', access)).toMatchObject(
        notFound('Access list not available for public share types.'),
      );
      expect(await act('addProjectAccess', alice.projectId)).toMatchObject(
        conflict('Type access modification is not applicable to public share type.'),
      );
      await update({ 'share_type_access:is_public': false });
      expect(await alice.manila('GET', `/types/${id}`)).toMatchObject(notFound('Share type not found.'));
      expect(await act('addProjectAccess', alice.projectId)).toMatchObject({ status: 202, text: '' });
      expect(await act('addProjectAccess', alice.projectId)).toMatchObject(
        conflict('Share type access for %(share_type_id)s / %(project_id)s combination already exists.'),
      );
      expect(await act('addProjectAccess', 'tenant-a')).toMatchObject(
        badRequest('Bad project format: project is not in proper format (tenant-a)'),
      );
      expect(await admin.manila('GET', access)).toMatchObject({
        status: 200,
        body: { share_type_access: [{ share_type_id: id, project_id: alice.projectId }] },
      });
      expect(await alice.manila('GET', `/types/${id}`)).toMatchObject({ status: 200 });
      expect(named(await alice.manila('GET', '/types'))).toContain(name());
      expect(await act('removeProjectAccess', alice.projectId)).toMatchObject({ status: 202 });
      expect(await act('removeProjectAccess', alice.projectId)).toMatchObject(
        notFound('Share type access not found for %(share_type_id)s / %(project_id)s combination.'),
      );
    });

    it('are deleted unless they are used', async () => {
      const { admin, alice } = cloud();
      const used = await cloud().shareType('used', { share_backend_name: 'ALPHA' });
      await cloud().share({ share_type: used });
      expect(await admin.manila('DELETE', `/types/${used}`)).toMatchObject(
        badRequest('Target share type is still in use.'),
      );
      const unused = await cloud().shareType('unused');
      expect(await alice.manila('DELETE', `/types/${unused}`)).toMatchObject(forbidden());
      expect(await admin.manila('DELETE', `/types/${unused}`)).toMatchObject({ status: 202, text: '' });
      expect(await admin.manila('DELETE', `/types/${unused}`)).toMatchObject(notFound());
    });
  });
}
