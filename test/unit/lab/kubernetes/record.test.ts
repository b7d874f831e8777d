import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type LabKubernetes, startKubernetes } from '../../../../src/lab/kubernetes/index.ts';
import { Recorder } from '../../../../src/lab/recorder.ts';
import { tempDir } from '../../../support/cli.ts';

const recorder = new Recorder();
let dir: Awaited<ReturnType<typeof tempDir>>;
let lab: LabKubernetes;
let agent: Agent;

beforeAll(async () => {
  dir = await tempDir();
  lab = await startKubernetes({ folder: dir.path, nodes: 1, recorder });
  const { users } = parse(await readFile(lab.kubeconfig, 'utf8')) as { users: { user: Record<string, string> }[] };
  const pem = (name: string): Buffer => Buffer.from(users[0]?.user[name] ?? '', 'base64');
  agent = new Agent({
    rejectUnauthorized: false,
    cert: pem('client-certificate-data'),
    key: pem('client-key-data'),
  });
});

afterAll(async () => {
  agent.destroy();
  await lab.stop();
  await dir[Symbol.asyncDispose]();
});

/** The status of an answer; 0 where there was none. */
function send(method: string, path: string, body = '', type = 'application/json'): Promise<number> {
  return new Promise((resolve) => {
    const headers = { 'content-type': type, 'content-length': Buffer.byteLength(body) };
    request(`${lab.server}${path}`, { method, agent, headers })
      .on('response', (response) => response.resume().on('end', () => resolve(response.statusCode ?? 0)))
      .on('error', () => resolve(0))
      .end(body);
  });
}

/** Does `work` and expects `METHOD TEMPLATE STATUS` of it, which are there a moment after the last answer. */
async function expectRecord(wanted: string[], work: () => Promise<unknown>): Promise<void> {
  const mark = recorder.entries().length;
  await work();
  const seen = (): string[] =>
    recorder
      .since(mark)
      .map(({ method, template, status, faulty }) => `${method} ${template} ${status}${faulty ? ' on purpose' : ''}`);
  await expect.poll(seen, { interval: 5 }).toEqual(wanted);
}

const map = (name: string): string => `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"${name}"}}`;
const MAPS = '/api/v1/namespaces/default/configmaps';

it.each([
  ['GET', '/apis/apps/v1/deployments?limit=1', '', 'GET /apis/apps/v1/deployments 200'],
  ['GET', `${MAPS}?watch=true&timeoutSeconds=1`, '', 'GET /api/v1/namespaces/{namespace}/configmaps#watch 200'],
  ['GET', '/api/v1/namespaces/default', '', 'GET /api/v1/namespaces/{name} 200'],
  ['GET', '/api/v1/namespaces/default/pods/a/log', '', 'GET /api/v1/namespaces/{namespace}/pods/{name}/log 404'],
  ['POST', `${MAPS}?dryRun=All`, map('a'), 'POST /api/v1/namespaces/{namespace}/configmaps#dry-run 201'],
])('names what %s %s asks for, without a name', async (method, path, body, wanted) => {
  await expectRecord([wanted], () => send(method, path, body));
});

it('tells the kinds of patches apart', async () => {
  const path = `${MAPS}/b?fieldManager=me`;
  const template = 'PATCH /api/v1/namespaces/{namespace}/configmaps/{name}';
  const wanted = [
    `${template}#apply+dry-run 201`,
    `${template}#apply 201`,
    `${template}#merge 200`,
    `${template}#strategic-merge 200`,
    `${template}#json 200`,
  ];
  await expectRecord(wanted, async () => {
    await send('PATCH', `${path}&dryRun=All`, map('b'), 'application/apply-patch+yaml');
    await send('PATCH', path, map('b'), 'application/apply-patch+yaml');
    await send('PATCH', path, '{}', 'application/merge-patch+json');
    await send('PATCH', path, '{}', 'application/strategic-merge-patch+json');
    await send('PATCH', path, '[]', 'application/json-patch+json');
  });
});

it('marks what was answered on purpose', async () => {
  lab.faults.add('kubernetes:GET:/api/v1/nodes=503,times=1');
  lab.faults.add('kubernetes:GET:/api/v1/pods=reset,times=1');
  lab.faults.add('kubernetes:PATCH=apply-conflict,times=1');
  const apply = `${MAPS}/c?fieldManager=me`;
  const wanted = [
    'GET /api/v1/nodes 503 on purpose',
    'GET /api/v1/pods 0 on purpose',
    'PATCH /api/v1/namespaces/{namespace}/configmaps/{name}#apply 409 on purpose',
    'GET /api/v1/nodes 200',
  ];
  await expectRecord(wanted, async () => {
    expect(await send('GET', '/api/v1/nodes')).toBe(503);
    expect(await send('GET', '/api/v1/pods')).toBe(0);
    expect(await send('PATCH', apply, map('c'), 'application/apply-patch+yaml')).toBe(409);
    expect(await send('GET', '/api/v1/nodes')).toBe(200);
  });
});
