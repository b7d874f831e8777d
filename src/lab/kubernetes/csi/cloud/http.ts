import { type IncomingMessage, type RequestOptions, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

/** How the driver's connections are made. */
export interface Connection {
  ca?: string | undefined;
  insecure: boolean;
  headers: Record<string, string>;
}

export interface CloudAnswer {
  status: number;
  headers: IncomingMessage['headers'];
  text: string;
  body: unknown;
}

/** An answer that the driver did not expect, in gophercloud's words. */
export class UnexpectedAnswer extends Error {
  readonly status: number;

  constructor(method: string, url: string, expected: readonly number[], answer: CloudAnswer) {
    const wanted = expected.join(' ');
    super(
      `Expected HTTP response code [${wanted}] when accessing [${method} ${url}], but got ${answer.status} instead: ${answer.text}`,
    );
    this.status = answer.status;
  }
}

/**
 * One request, on a connection of its own as gophercloud makes them.
 * @throws UnexpectedAnswer, or an Error with the words of Go's HTTP client where there is no answer.
 */
export async function cloudRequest(
  connection: Connection,
  method: 'GET' | 'POST' | 'DELETE',
  url: string,
  expected: readonly number[],
  json?: unknown,
): Promise<CloudAnswer> {
  const body = json === undefined ? undefined : JSON.stringify(json);
  const options: RequestOptions & { ca?: string; rejectUnauthorized?: boolean } = {
    method,
    agent: false,
    headers: {
      Accept: 'application/json',
      'User-Agent': 'manila-csi-plugin/v1.36.0',
      ...connection.headers,
      ...(body !== undefined && {
        'Content-Type': 'application/json',
        'Content-Length': String(Buffer.byteLength(body)),
      }),
    },
    ...(connection.ca !== undefined && { ca: connection.ca }),
    ...(connection.insecure && { rejectUnauthorized: false }),
  };
  if (!/^https?:/.test(url)) {
    const scheme = /^[a-z][a-z0-9+.-]*(?=:)/i.exec(url)?.[0] ?? '';
    throw new Error(`${verbOf(method)} ${JSON.stringify(url)}: unsupported protocol scheme ${JSON.stringify(scheme)}`);
  }
  const answer = await new Promise<CloudAnswer>((resolve, reject) => {
    const send = url.startsWith('https:') ? httpsRequest : httpRequest;
    const outgoing = send(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, body: parsed(text) });
      });
    });
    outgoing.setTimeout(60_000, () => outgoing.destroy(new Error('i/o timeout')));
    outgoing.on('error', reject).end(body);
  }).catch((error: unknown) => {
    throw new Error(`${verbOf(method)} ${JSON.stringify(url)}: ${dialError(error as NodeJS.ErrnoException)}`);
  });
  if (!expected.includes(answer.status)) throw new UnexpectedAnswer(method, url, expected, answer);
  return answer;
}

/** `Get`, as Go writes it. */
function verbOf(method: string): string {
  return `${method.slice(0, 1)}${method.slice(1).toLowerCase()}`;
}

function parsed(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

interface DialError extends NodeJS.ErrnoException {
  address?: string;
  port?: number;
  hostname?: string;
}

function dialError({ code, address, port, hostname, message }: DialError): string {
  const where = `dial tcp ${address ?? hostname ?? ''}:${port ?? ''}`;
  switch (code) {
    case 'ECONNREFUSED':
      return `${where}: connect: connection refused`;
    case 'EHOSTUNREACH':
      return `${where}: connect: no route to host`;
    case 'ENOTFOUND':
      return `dial tcp: lookup ${hostname ?? ''}: no such host`;
    case 'ECONNRESET':
      return 'EOF';
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return 'tls: failed to verify certificate: x509: certificate signed by unknown authority';
    default:
      return message;
  }
}
