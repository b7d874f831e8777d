import { stringify } from 'yaml';
import type { Identity } from './tls/certificates.ts';

export interface KubeconfigUser {
  /** Name of the user and of its context. */
  name: string;
  /** A client certificate, or a bearer token. */
  login: Identity | { token: string };
}

/** A kubeconfig with a context for each user; the first is the current one. */
export function kubeconfigText(server: string, caPem: string, users: readonly KubeconfigUser[]): string {
  const encoded = (text: string): string => Buffer.from(text).toString('base64');
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'lab', cluster: { server, 'certificate-authority-data': encoded(caPem) } }],
    users: users.map(({ name, login }) => ({
      name,
      user:
        'token' in login
          ? { token: login.token }
          : { 'client-certificate-data': encoded(login.cert), 'client-key-data': encoded(login.key) },
    })),
    contexts: users.map(({ name }) => ({ name, context: { cluster: 'lab', user: name } })),
    'current-context': users[0]?.name,
  });
}
