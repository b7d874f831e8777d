import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Http } from '../../../src/openstack/http.ts';
import { fakeClock, testContext, type TestContext } from '../../support/context.ts';
import { type Answer, type JsonServer, next, startJsonServer } from '../../support/json-server.ts';

let server: JsonServer;
let http: Http;
let ctx: TestContext;
let clock: ReturnType<typeof fakeClock>;

beforeEach(async () => {
  server = await startJsonServer(() => ({ status: 200, body: { ok: true } }));
  clock = fakeClock();
  ctx = testContext({ clock });
  http = new Http(ctx, { caPem: undefined, insecure: false });
});
afterEach(async () => {
  http.close();
  await server[Symbol.asyncDispose]();
});

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
const send = (method: Method = 'GET', path = '/v2/types', more: object = {}) =>
  http.send({ service: 'Manila', method, url: `${server.origin}${path}`, ...more });
const failing = (times: number, answer: Answer | 'reset') => server.faults.push(next(times, () => true, answer));

describe('what is repeated', () => {
  it.each<[string, Method, Answer | 'reset', number]>([
    ['a cut connection', 'GET', 'reset', 2],
    ['a cut connection', 'PUT', 'reset', 2],
    ['a cut connection', 'DELETE', 'reset', 2],
    ['502', 'GET', { status: 502 }, 2],
    ['503', 'DELETE', { status: 503 }, 2],
    ['504', 'PUT', { status: 504 }, 2],
    ['500', 'GET', { status: 500 }, 2],
    ['429', 'POST', { status: 429, headers: { 'retry-after': '2' } }, 2],
    ['498', 'POST', { status: 498 }, 2],
    ['503 with Retry-After', 'POST', { status: 503, headers: { 'retry-after': '1' } }, 2],
  ])('%s to %s', async (_name, method, answer, requests) => {
    failing(1, answer);
    expect((await send(method)).body).toEqual({ ok: true });
    expect(server.requests).toHaveLength(requests);
  });

  it('POST where the caller says that it does no harm', async () => {
    failing(1, 'reset');
    await send('POST', '/v2/types', { repeatable: true, json: { a: 1 } });
    expect(server.requests.map(({ body }) => body)).toEqual([{ a: 1 }, { a: 1 }]);
  });

  it('not for ever', async () => {
    failing(99, { status: 503 });
    await expect(send()).rejects.toMatchObject({ status: 503, exitCode: 3 });
    expect(server.requests).toHaveLength(4);
  });
});

describe('what is not repeated', () => {
  it.each<[string, Method, Answer | 'reset']>([
    ['a cut connection', 'POST', 'reset'],
    ['500', 'PUT', { status: 500 }],
    ['500', 'POST', { status: 500 }],
    ['503 without Retry-After', 'POST', { status: 503 }],
    ['400', 'GET', { status: 400 }],
    ['413, which is a quota, whatever Retry-After says', 'POST', { status: 413, headers: { 'retry-after': '0' } }],
    ['a Retry-After of an hour', 'GET', { status: 429, headers: { 'retry-after': '3600' } }],
  ])('%s to %s', async (_name, method, answer) => {
    failing(99, answer);
    await expect(send(method)).rejects.toMatchObject({ exitCode: 3 });
    expect(server.requests).toHaveLength(1);
    expect(clock.slept).toEqual([]);
  });
});

it('waits as long as Retry-After says, and backs off with jitter below a bound otherwise', async () => {
  failing(1, { status: 429, headers: { 'retry-after': '7' } });
  await send();
  expect(clock.slept[0]).toBeGreaterThanOrEqual(7000);
  expect(clock.slept[0]).toBeLessThan(7250);
  clock.slept.length = 0;
  failing(3, { status: 502 });
  await send();
  expect(clock.slept).toHaveLength(3);
  for (const [i, pause] of clock.slept.entries()) expect(pause).toBeLessThan(250 * 2 ** i);
});

describe('faults in words', () => {
  const said = async (answer: Answer): Promise<string> => {
    server.faults.push(next(1, () => true, answer));
    return send('PUT').then(
      () => 'no error',
      (error: unknown) => (error as Error).message,
    );
  };

  it.each<[string, Answer, string]>([
    [
      'Manila',
      { status: 403, body: { forbidden: { code: 403, message: 'Access was denied to this resource.' } } },
      '403 to PUT /v2/types: Access was denied to this resource.',
    ],
    [
      'Keystone',
      { status: 401, body: { error: { code: 401, title: 'Unauthorized', message: 'No.' } } },
      '401 to PUT /v2/types: No.',
    ],
    [
      'webob',
      {
        status: 404,
        body: {
          code: '404 Not Found',
          title: 'Not Found',
          message: 'The resource could not be found.<br /><br />\n\n\n',
        },
      },
      '404 to PUT /v2/types: The resource could not be found.',
    ],
    [
      'a proxy',
      {
        status: 400,
        body: '<html><head><title>400 The plain HTTP request was sent to HTTPS port</title></head></html>',
      },
      '400 to PUT /v2/types: not an answer of an OpenStack API (text/html): 400 The plain HTTP request was sent to HTTPS port',
    ],
    ['nothing', { status: 409 }, '409 to PUT /v2/types: it exists already, or its state forbids that'],
    [
      'an unfilled template of Zed',
      { status: 409, body: { conflictingRequest: { code: 409, message: 'Share Type %(id)s already exists.' } } },
      '409 to PUT /v2/types: it exists already, or its state forbids that',
    ],
    ['JSON without a message', { status: 418, body: { x: [1] } }, '418 to PUT /v2/types: no reason given'],
  ])('%s', async (_name, answer, message) => {
    expect(await said(answer)).toBe(`Manila answered ${message}`);
  });

  it('carry the request id', async () => {
    failing(1, { status: 400, headers: { 'x-compute-request-id': 'req-1', 'x-openstack-request-id': 'req-2' } });
    await expect(send()).rejects.toMatchObject({ requestId: 'req-1' });
    failing(1, { status: 400, headers: { 'x-openstack-request-id': 'req-2' } });
    await expect(send()).rejects.toMatchObject({ requestId: 'req-2' });
  });
});

describe('what is not an OpenStack service', () => {
  it('HTML with status 200', async () => {
    failing(1, { status: 200, body: '<html><title>Horizon - Log in</title></html>' });
    await expect(send()).rejects.toMatchObject({
      code: 'not-openstack',
      exitCode: 3,
      message: `${server.origin}/v2/types is not Manila: it answered 200 with text/html (Horizon - Log in)`,
    });
  });

  it('a host that redirects elsewhere gets no token', async () => {
    failing(1, { status: 302, headers: { location: 'http://evil.example/' } });
    await expect(send('GET', '/v3', { headers: { 'x-auth-token': 'tok3n-123' } })).rejects.toMatchObject({
      code: 'redirected',
      exitCode: 3,
    });
    expect(server.requests).toHaveLength(1);
  });

  it('a redirect on the same host is followed with method and body', async () => {
    failing(1, { status: 308, headers: { location: '/identity/v3' } });
    await send('POST', '/v3', { json: { a: 1 } });
    expect(server.requests.map(({ method, path, body }) => ({ method, path, body }))).toEqual([
      { method: 'POST', path: '/v3', body: { a: 1 } },
      { method: 'POST', path: '/identity/v3', body: { a: 1 } },
    ]);
  });

  it('300 of version discovery is an answer, although it has a Location', async () => {
    failing(1, { status: 300, headers: { location: `${server.origin}/v3/` }, body: { versions: [] } });
    expect((await send()).body).toEqual({ versions: [] });
  });
});

describe('what cannot be reached', () => {
  it('a closed port, tried more than once', async () => {
    await server[Symbol.asyncDispose]();
    await expect(send('POST')).rejects.toMatchObject({
      code: 'unreachable',
      exitCode: 3,
      message: `cannot reach Manila at ${server.origin}: connection refused`,
    });
    expect(clock.slept).toHaveLength(3);
  });

  it('a name that does not exist', async () => {
    await expect(
      http.send({ service: 'Keystone', method: 'GET', url: 'http://nosuch.invalid/v3' }),
    ).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('cannot reach Keystone at http://nosuch.invalid: ') as unknown,
      remedy: expect.stringContaining('check the name nosuch.invalid') as unknown,
    });
  });

  it('a service that does not speak TLS', async () => {
    const url = server.origin.replace('http:', 'https:');
    await expect(http.send({ service: 'Keystone', method: 'POST', url })).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining('TLS') as unknown,
    });
  });
});

it('writes a debug line for each request, without its secrets', async () => {
  failing(1, { status: 503 });
  await send('GET', '/v2/types?is_public=all', { headers: { 'x-auth-token': 'tok3n-123' } });
  const lines = ctx.stderr().trim().split('\n');
  expect(lines[0]).toMatch(/^debug: GET http:\/\/127\.0\.0\.1:\d+\/v2\/types\?is_public=all 503 \d+ ms$/);
  expect(lines).toHaveLength(2);
  expect(ctx.stderr()).not.toContain('tok3n-123');
});

it('ends with the signal, also while it waits to try again', async () => {
  const stop = new AbortController();
  server.faults.push(() => {
    stop.abort(new Error('stopped'));
    return { status: 503 };
  });
  await expect(send('GET', '/', { signal: stop.signal })).rejects.toThrow('stopped');
  await expect(send('GET', '/', { signal: stop.signal })).rejects.toThrow('stopped');
  expect(server.requests).toHaveLength(1);
});

it('uses one connection again', async () => {
  for (let i = 0; i < 3; i++) await send();
  const ports = new Set(server.connections());
  expect(ports.size).toBe(1);
});
