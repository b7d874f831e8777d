// 100 share types with 4 extra specs each, and quotas of 20 projects, on a real Manila: beside the openstack command in
// a loop, a Python script over manilaclient, and a load generator that sends the same requests and nothing else.
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { recordingProxy, replay } from './proxy.mjs';
import { withRealStack } from './real-stack.mjs';
import { BIN, markdownTable, median, timed } from './measure.mjs';

const exec = promisify(execFile);
const TYPES = 100;
const PROJECTS = 20;
const ROUNDS = 3;
/** Calls of the openstack command that are measured; it takes too long for all of them. */
const SAMPLE = 10;

const name = (i) => `bench-${String(i).padStart(3, '0')}`;
const project = (i) => `bench-project-${i}`;
const specs = (i) => ({
  share_backend_name: i % 2 ? 'ALPHA' : 'GAMMA',
  snapshot_support: 'True',
  'provisioning:max_share_size': String(100 + i),
  'bench:tier': `tier-${i % 5}`,
});

/** The file, with `changed` of the types and quotas otherwise than before. */
function file(changed = 0) {
  const types = Array.from({ length: TYPES }, (_, i) => {
    const extraSpecs = { ...specs(i), ...(i < changed && { 'bench:tier': 'changed' }) };
    return `  - { name: ${name(i)}, extraSpecs: ${JSON.stringify(extraSpecs)} }`;
  });
  const quotas = Array.from(
    { length: PROJECTS },
    (_, i) => `  - { project: ${project(i)}, shares: ${i < changed ? 41 : 40}, gigabytes: 500 }`,
  );
  return `version: 1\nshareTypes:\n${types.join('\n')}\nquotas:\n${quotas.join('\n')}\n`;
}

const PYTHON = `
import json, sys
from keystoneauth1 import loading, session
from manilaclient import client
auth = loading.get_plugin_loader('password').load_from_options(**json.loads(sys.argv[1]))
manila = client.Client('2.51', session=session.Session(auth=auth), service_type='sharev2')
present = {one.name for one in manila.share_types.list(show_all=True)}
for one in json.loads(sys.stdin.read()):
    if one['name'] not in present:
        manila.share_types.create(one['name'], spec_driver_handles_share_servers=False, extra_specs=one['specs'])
`;

export async function shareTypes() {
  return withRealStack(async ({ env, folder }) => {
    const admin = await loginOf(env);
    const proxy = await recordingProxy(admin.manila);
    try {
      await prepare(admin, folder, env, proxy);
      return await measure(admin, folder, { ...env, OS_CLIENT_CONFIG_FILE: `${folder}/clouds.yaml` }, proxy);
    } finally {
      await clear(admin);
      await removeProjects(admin);
      await proxy.close();
    }
  });
}

async function measure(admin, folder, env, proxy) {
  const apply = async (...args) => {
    proxy.reset();
    const { ms, code, stderr } = await timed(process.execPath, [BIN, 'apply', ...args], { cwd: folder, env });
    if (code !== 0) throw new Error(`manila-rwx apply ended with ${code}:\n${stderr}`);
    const writes = proxy.requests.filter(({ method }) => method !== 'GET');
    return { ms, span: proxy.span(), requests: proxy.requests.length, writes: writes.length };
  };
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) {
    await clear(admin);
    await writeFile(`${folder}/manila-rwx.yaml`, file());
    const types = await apply('--only', 'shareTypes');
    const recorded = proxy.requests;
    await clear(admin);
    const first = await apply();
    const again = await apply();
    await writeFile(`${folder}/manila-rwx.yaml`, file(5));
    const changed = await apply();
    await clear(admin);
    proxy.reset();
    await replay(proxy.url, recorded, 8);
    const raw = proxy.span();
    await clear(admin);
    const python = await pythonScript(admin, env);
    await clear(admin);
    rounds.push({ types, first, again, changed, raw, python, openstack: await openstackLoop(env) });
  }
  return report(rounds);
}

function report(rounds) {
  const of = (pick) => median(rounds.map(pick));
  const [{ first, again, changed }] = rounds;
  const s = (ms) => (ms / 1000).toFixed(ms < 10_000 ? 2 : 0);
  const ratio = (ms, by) => `${(ms / by).toFixed(ms / by < 10 ? 1 : 0)}x`;
  const loop = of(({ openstack }) => openstack) * (TYPES / SAMPLE);
  const types = of(({ types: one }) => one.ms);
  const python = of((one) => one.python);
  const span = of(({ types: one }) => one.span);
  const raw = of((one) => one.raw);
  return [
    `Medians of ${ROUNDS} rounds, each of them side by side. ${TYPES} share types with 4 extra specs each. \`openstack\` was measured`,
    `with ${SAMPLE} calls, one a type, and multiplied. How fast Manila itself makes them is what the load generator shows.`,
    '',
    markdownTable(
      ['what', 'seconds', 'against `apply`', 'goal'],
      [
        ['`manila-rwx apply`, from start to end', s(types), '1x', '-'],
        ['`openstack share type create` in a loop', s(loop), ratio(loop, types), '100x'],
        ['Python script over manilaclient', s(python), ratio(python, types), '5x'],
        ['`apply`, first to last request', s(span), `${(span / raw).toFixed(2)} of the load generator`, '1.3'],
        ['load generator, the same requests, 8 at once', s(raw), '-', '-'],
      ],
    ),
    '',
    `The same types, and quotas of ${PROJECTS} projects:`,
    '',
    markdownTable(
      ['run', 'seconds', 'requests to Manila', 'of them writes'],
      [
        ['first', first],
        ['again', again],
        ['with ten places of the file changed', changed],
      ].map(([what, one]) => [what, s(one.ms), one.requests, one.writes]),
    ),
  ].join('\n');
}

async function pythonScript(admin, env) {
  const types = Array.from({ length: TYPES }, (_, i) => ({ name: name(i), specs: specs(i) }));
  const begin = performance.now();
  const child = execFile('/usr/bin/python3', ['-c', PYTHON, JSON.stringify(admin.auth)], { env });
  child.stdin.end(JSON.stringify(types));
  await new Promise((done, fail) =>
    child.on('exit', (code) => (code === 0 ? done() : fail(new Error(`python: ${code}`)))),
  );
  return performance.now() - begin;
}

async function openstackLoop(env) {
  const begin = performance.now();
  for (let i = 0; i < SAMPLE; i++) {
    const extra = Object.entries(specs(i)).map(([key, value]) => `${key}=${value}`);
    await exec('/usr/bin/openstack', ['share', 'type', 'create', name(i), 'false', '--extra-specs', ...extra], { env });
  }
  return performance.now() - begin;
}

/** Logs in by hand, so that what is measured is the only client of its kind. */
async function loginOf(env) {
  const text = await readFile(env.OS_CLIENT_CONFIG_FILE, 'utf8');
  const authUrl = /auth_url: *(\S+)/.exec(text)[1];
  const auth = {
    auth_url: authUrl,
    username: 'admin',
    password: 'secret',
    project_name: 'admin',
    user_domain_name: 'Default',
    project_domain_name: 'Default',
  };
  const domain = { name: 'Default' };
  const response = await fetch(`${authUrl}/auth/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      auth: {
        identity: { methods: ['password'], password: { user: { name: 'admin', domain, password: 'secret' } } },
        scope: { project: { name: 'admin', domain } },
      },
    }),
  });
  const { token } = await response.json();
  const catalog = token.catalog.find(({ type }) => type === 'sharev2');
  const manila = catalog.endpoints.find((one) => one.interface === 'public').url;
  return { auth, keystone: authUrl, manila, token: response.headers.get('x-subject-token') };
}

async function call({ token }, url, method = 'GET', json) {
  const response = await fetch(url, {
    method,
    headers: {
      'x-auth-token': token,
      'x-openstack-manila-api-version': '2.51',
      'content-type': 'application/json',
    },
    ...(json && { body: JSON.stringify(json) }),
  });
  const text = await response.text();
  return text ? JSON.parse(text) : undefined;
}

/** The clouds.yaml with Manila behind the proxy, and the projects. */
async function prepare(admin, folder, env, proxy) {
  const text = await readFile(env.OS_CLIENT_CONFIG_FILE, 'utf8');
  await writeFile(
    `${folder}/clouds.yaml`,
    text.replaceAll(/^( +)region_name:/gm, `$1shared_file_system_endpoint_override: ${proxy.url}\n$1region_name:`),
  );
  await removeProjects(admin);
  for (let i = 0; i < PROJECTS; i++) {
    await call(admin, `${admin.keystone}/projects`, 'POST', { project: { name: project(i) } });
  }
}

async function removeProjects(admin) {
  const { projects } = await call(admin, `${admin.keystone}/projects`);
  for (const one of projects.filter((p) => p.name.startsWith('bench-project-'))) {
    await call(admin, `${admin.manila}/quota-sets/${one.id}`, 'DELETE');
    await call(admin, `${admin.keystone}/projects/${one.id}`, 'DELETE');
  }
}

/** Takes types and quotas away, so that the next has the same to do. */
async function clear(admin) {
  const { share_types: types } = await call(admin, `${admin.manila}/types?is_public=all`);
  await Promise.all(
    types
      .filter((one) => one.name.startsWith('bench-'))
      .map((one) => call(admin, `${admin.manila}/types/${one.id}`, 'DELETE')),
  );
  const { projects } = await call(admin, `${admin.keystone}/projects`);
  await Promise.all(
    projects
      .filter((one) => one.name.startsWith('bench-project-'))
      .map((one) => call(admin, `${admin.manila}/quota-sets/${one.id}`, 'DELETE')),
  );
}
