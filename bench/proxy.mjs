import { Agent, createServer, request as httpRequest } from 'node:http';

/**
 * A proxy in front of a service that remembers every request and when the first came and the last was answered. What
 * is compared goes through the same one.
 */
export async function recordingProxy(target) {
  const { hostname, port, pathname } = new URL(target);
  let requests = [];
  let first;
  let last;
  const server = createServer((incoming, answer) => {
    first ??= performance.now();
    const chunks = [];
    incoming.on('data', (chunk) => chunks.push(chunk));
    incoming.on('end', () => {
      const { method, url: path, headers } = incoming;
      const body = Buffer.concat(chunks);
      requests.push({ method, path, headers, body });
      const outgoing = httpRequest({ hostname, port, path, method, headers, agent: false }, (response) => {
        answer.writeHead(response.statusCode, without(response.headers, 'connection'));
        response.pipe(answer);
        response.on('end', () => (last = performance.now()));
      });
      outgoing.on('error', () => answer.destroy());
      outgoing.end(body);
    });
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${server.address().port}${pathname}`,
    get requests() {
      return requests;
    },
    /** Milliseconds from the first request to the last answer. */
    span: () => last - first,
    reset: () => {
      requests = [];
      first = last = undefined;
    },
    close: () => new Promise((done) => server.close(done)),
  };
}

function without(headers, ...names) {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
}

/** Sends recorded requests again, reads before writes as they came, so many at once, and does nothing else. */
export async function replay(url, requests, atOnce) {
  const { hostname, port } = new URL(url);
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const send = ({ method, path, headers, body }) =>
    new Promise((done, fail) => {
      const sent = httpRequest(
        { hostname, port, method, path, headers: without(headers, 'host', 'connection'), agent },
        (response) => {
          response.resume();
          response.on('end', done);
        },
      );
      sent.on('error', fail);
      sent.end(body);
    });
  for (const part of [
    requests.filter(({ method }) => method === 'GET'),
    requests.filter(({ method }) => method !== 'GET'),
  ]) {
    const left = [...part];
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        for (let next = left.shift(); next; next = left.shift()) await send(next);
      }),
    );
  }
  agent.destroy();
}
