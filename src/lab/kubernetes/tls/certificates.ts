import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { bits, boolean, explicit, implicit, integer, octets, oid, pem, sequence, set, time, utf8 } from './der.ts';

/** A certificate with its key, as PEM texts. */
export interface Identity {
  cert: string;
  key: string;
}

/** One that signs others. */
export interface Authority extends Identity {
  /** Signs a certificate for a server at these addresses and names. */
  issueServer(name: string, hosts: readonly string[]): Identity;
  /** Signs a certificate for a user; organizations are the groups of Kubernetes. */
  issueClient(name: string, organizations: readonly string[]): Identity;
}

const OID = {
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  commonName: '2.5.4.3',
  organization: '2.5.4.10',
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyId: '2.5.29.35',
  extKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
} as const;

const DAY_MS = 86_400_000;
const YEAR_MS = 365 * DAY_MS;

interface Subject {
  name: string;
  organizations?: readonly string[];
}

interface Signer {
  subject: Subject;
  key: KeyObject;
  keyId: Buffer;
}

/** A new self-signed authority (ECDSA P-256, valid for a year). */
export function createAuthority(name: string): Authority {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signer: Signer = { subject: { name }, key: privateKey, keyId: keyIdOf(publicKey) };
  const extensions = [
    extension(OID.basicConstraints, sequence(boolean(true)), true),
    // Certificates and revocation lists.
    extension(OID.keyUsage, bits(Buffer.from([0b0000_0110]), 1), true),
  ];
  return {
    ...identity(signer, signer.subject, privateKey, publicKey, extensions),
    issueServer: (server, hosts) =>
      issue(signer, { name: server }, [
        extension(OID.extKeyUsage, sequence(oid(OID.serverAuth))),
        extension(OID.subjectAltName, sequence(...hosts.map(hostName))),
      ]),
    issueClient: (user, organizations) =>
      issue(signer, { name: user, organizations }, [extension(OID.extKeyUsage, sequence(oid(OID.clientAuth)))]),
  };
}

function issue(signer: Signer, subject: Subject, extensions: Buffer[]): Identity {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return identity(signer, subject, privateKey, publicKey, [
    extension(OID.basicConstraints, sequence(), true),
    // Digital signature.
    extension(OID.keyUsage, bits(Buffer.from([0b1000_0000]), 7), true),
    ...extensions,
  ]);
}

/** RFC 5280, 4.1. */
function identity(
  signer: Signer,
  subject: Subject,
  key: KeyObject,
  publicKey: KeyObject,
  extensions: Buffer[],
): Identity {
  const now = Date.now();
  const algorithm = sequence(oid(OID.ecdsaWithSha256));
  const body = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    algorithm,
    nameOf(signer.subject),
    // A clock that is a little behind must not refuse it.
    sequence(time(new Date(now - DAY_MS)), time(new Date(now + YEAR_MS))),
    nameOf(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    explicit(
      3,
      sequence(
        ...extensions,
        extension(OID.subjectKeyId, octets(keyIdOf(publicKey))),
        extension(OID.authorityKeyId, sequence(implicit(0, signer.keyId))),
      ),
    ),
  );
  const signature = sign('sha256', body, signer.key);
  return {
    cert: pem('CERTIFICATE', sequence(body, algorithm, bits(signature))),
    key: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function nameOf({ name, organizations = [] }: Subject): Buffer {
  const part = (type: string, value: string): Buffer => set(sequence(oid(type), utf8(value)));
  return sequence(...organizations.map((one) => part(OID.organization, one)), part(OID.commonName, name));
}

function extension(id: string, value: Buffer, isCritical = false): Buffer {
  return sequence(oid(id), ...(isCritical ? [boolean(true)] : []), octets(value));
}

function hostName(host: string): Buffer {
  const isAddress = /^\d+(\.\d+){3}$/.test(host);
  return isAddress ? implicit(7, Buffer.from(host.split('.').map(Number))) : implicit(2, Buffer.from(host));
}

function keyIdOf(publicKey: KeyObject): Buffer {
  return createHash('sha1')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest();
}
