import type { KubeObject } from '../kube/types.ts';
import { DRIVER_APP, TENANT_LABEL } from '../drivers/names.ts';
import { type Holder, secretNameOf } from './credential-holder.ts';

/** Where the drivers find Keystone and Manila. */
export interface DriverConnection {
  /** Keystone's v3 address. */
  authUrl: string;
  region: string;
  interface: 'public' | 'internal' | 'admin';
  /** PEM text of the private CA, where there is one. */
  caPem: string | undefined;
  insecure: boolean;
}

/** What the Secret's annotations tell about its credential; nothing of it is secret. */
export interface CredentialFacts {
  credentialId: string;
  credentialName: string;
  userId: string;
  userName: string;
  projectId: string;
  projectName: string;
  /** Milliseconds since the epoch; undefined where it never ends. */
  expiresAt: number | undefined;
  /** Is the credential limited to the driver's calls? */
  limited: boolean;
  /** Entry of clouds.yaml whose user made it for itself; undefined where it belongs to a service user. */
  cloud: string | undefined;
}

const PREFIX = 'manila-rwx/';
const KEYS = {
  credentialId: `${PREFIX}credential-id`,
  credentialName: `${PREFIX}credential-name`,
  userId: `${PREFIX}user-id`,
  userName: `${PREFIX}user-name`,
  projectId: `${PREFIX}project-id`,
  projectName: `${PREFIX}project-name`,
  expiresAt: `${PREFIX}expires-at`,
  limited: `${PREFIX}access-rules`,
  cloud: `${PREFIX}cloud`,
} as const;

/**
 * A holder's Secret, in the drivers' namespace: the fewest keys that Manila CSI takes with an application credential. It refuses a Secret in
 * which keys of two kinds of login meet, and keys that are there but empty (pkg/client in cloud-provider-openstack).
 */
export function credentialSecret(
  { namespace, tenant }: { namespace: string } & Pick<Holder, 'tenant'>,
  connection: DriverConnection,
  secret: string,
  facts: CredentialFacts,
): KubeObject {
  const data: Record<string, string> = {
    'os-authURL': connection.authUrl,
    'os-region': connection.region,
    'os-applicationCredentialID': facts.credentialId,
    'os-applicationCredentialSecret': secret,
    ...(connection.interface === 'public' ? {} : { 'os-endpointType': connection.interface }),
    ...(connection.caPem === undefined ? {} : { 'os-certAuthority': connection.caPem }),
    ...(connection.insecure ? { 'os-TLSInsecure': 'true' } : {}),
  };
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: secretNameOf({ tenant }),
      namespace,
      labels: {
        'app.kubernetes.io/name': DRIVER_APP,
        ...(tenant === undefined ? {} : { [TENANT_LABEL]: tenant }),
      },
      annotations: annotationsOf(facts),
    },
    type: 'Opaque',
    data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')])),
  };
}

function annotationsOf(facts: CredentialFacts): Record<string, string> {
  const values: Record<keyof CredentialFacts, string | undefined> = {
    ...facts,
    expiresAt: facts.expiresAt === undefined ? undefined : new Date(facts.expiresAt).toISOString(),
    limited: facts.limited ? 'driver-calls' : 'none',
  };
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) =>
      value === undefined ? [] : [[KEYS[key as keyof CredentialFacts], value]],
    ),
  );
}

/** What a Secret of the drivers holds. */
export interface HeldCredential {
  /** Its keys, decoded. */
  data: Record<string, string>;
  /** The application credential's secret. */
  secret: string;
  facts: CredentialFacts;
}

/** The login in a Secret, and what its annotations tell; undefined where it holds no application credential. */
export function readCredentialSecret(secret: KubeObject): HeldCredential | undefined {
  const data = Object.fromEntries(
    Object.entries((secret.data ?? {}) as Record<string, string>).map(([key, value]) => [
      key,
      Buffer.from(value, 'base64').toString(),
    ]),
  );
  const credentialId = data['os-applicationCredentialID'];
  const password = data['os-applicationCredentialSecret'];
  if (!credentialId || !password) return undefined;
  const notes = secret.metadata.annotations ?? {};
  const expiresAt = Date.parse(notes[KEYS.expiresAt] ?? '');
  return {
    data,
    secret: password,
    facts: {
      credentialId,
      credentialName: notes[KEYS.credentialName] ?? '',
      userId: notes[KEYS.userId] ?? '',
      userName: notes[KEYS.userName] ?? '',
      projectId: notes[KEYS.projectId] ?? '',
      projectName: notes[KEYS.projectName] ?? '',
      expiresAt: Number.isNaN(expiresAt) ? undefined : expiresAt,
      limited: notes[KEYS.limited] !== 'none',
      cloud: notes[KEYS.cloud],
    },
  };
}
