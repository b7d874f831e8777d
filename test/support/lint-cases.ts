/**
 * Classes and Secrets that Manila CSI takes or refuses. The unit tests ask the linter, the tests on the real stack ask
 * the driver itself: a rule that the driver does not have fails there.
 */
export interface LintCase {
  name: string;
  /** Parameters of a class beside `type` and its Secrets, or the keys of a Secret. */
  values: Record<string, string>;
  /** What the driver, the provisioner or Manila says; undefined where the claim is bound all the same. */
  refused?: RegExp;
  /** Ids of the linter's findings. */
  findings: string[];
  /** The driver goes the same way as with another case: it was tried once by hand, and costs the real stack too much. */
  likeAnother?: true;
  /** Without the Secrets that each class has otherwise. */
  bare?: true;
}

const SIDECAR = 'csi.storage.k8s.io/';

/** Every class names the clients, the share type and one Secret for all roles, unless a case says otherwise. */
export const CLASS_CASES: readonly LintCase[] = [
  { name: 'right', values: {}, findings: [] },
  // Ignored by the driver: the claim is bound, without what was meant.
  { name: 'typo', values: { 'share-network': 'x' }, findings: ['unknown-parameter'] },
  { name: 'protocol', values: { protocol: 'CEPHFS' }, findings: ['no-effect'] },
  { name: 'open', values: { 'nfs-shareClient': '0.0.0.0/0' }, findings: ['open-to-all'] },
  {
    name: 'empty',
    values: { availability: '' },
    refused: /'availability' cannot be empty/,
    findings: ['empty-parameter'],
  },
  {
    name: 'blank',
    values: { 'nfs-shareClient': '10.0.0.0/8, 10.9.0.1' },
    refused: /Only decimal digits permitted/,
    findings: ['share-clients'],
  },
  {
    name: 'host-bits',
    likeAnother: true,
    values: { 'nfs-shareClient': '10.110.0.7/24' },
    refused: /has host bits set/,
    findings: ['share-clients'],
  },
  {
    name: 'ipv6',
    likeAnother: true,
    values: { 'nfs-shareClient': 'fd00::/64' },
    refused: /Expected 4 octets/,
    findings: ['share-clients'],
  },
  {
    name: 'twice',
    values: { 'nfs-shareClient': '10.1.2.3,10.1.2.3/32' },
    refused: /exists/,
    findings: ['share-clients'],
  },
  {
    name: 'comma',
    likeAnother: true,
    values: { 'nfs-shareClient': '10.1.2.3,' },
    refused: /Address cannot be empty/,
    findings: ['share-clients'],
  },
  { name: 'topology', values: { autoTopology: 'yes' }, refused: /does not match pattern/, findings: ['bad-value'] },
  {
    name: 'metadata',
    likeAnother: true,
    values: { appendShareMetadata: '{"a": 1}' },
    refused: /failed to parse appendShareMetadata/,
    findings: ['bad-value'],
  },
  { name: 'affinity', values: { affinity: 'nope' }, refused: /is not a valid uuid/, findings: ['bad-value'] },
  {
    name: 'prefix',
    values: { [`${SIDECAR}foo`]: 'bar' },
    refused: /unknown parameter key/,
    findings: ['unknown-parameter'],
  },
  {
    name: 'no-secrets',
    values: {},
    bare: true,
    refused: /secrets cannot be nil or empty/,
    findings: ['secret-missing', 'secret-missing'],
  },
  {
    name: 'half-pair',
    values: { [`${SIDECAR}provisioner-secret-name`]: 'manila-rwx-credential' },
    refused: /Both must be specified/,
    findings: ['secret-pair'],
  },
  {
    name: 'template',
    values: { [`${SIDECAR}provisioner-secret-name`]: 'x', [`${SIDECAR}provisioner-secret-namespace`]: '${pvc.name}' },
    refused: /invalid tokens/,
    findings: ['secret-template'],
  },
];

/** A login by password that works is `right`; each of the others differs from it in what it says. */
export function secretCases(authUrl: string): readonly LintCase[] {
  const login = {
    'os-authURL': authUrl,
    'os-userName': 'alice',
    'os-password': 'secret',
    'os-projectName': 'tenant-a',
    'os-domainName': 'Default',
  };
  const without = (...keys: string[]): Record<string, string> =>
    Object.fromEntries(Object.entries(login).filter(([key]) => !keys.includes(key)));
  return [
    { name: 'right', values: login, findings: [] },
    {
      name: 'two-logins',
      values: { ...login, 'os-applicationCredentialID': 'x', 'os-applicationCredentialSecret': 'y' },
      refused: /'os-authURL' requires exactly one of/,
      findings: ['secret-login'],
    },
    {
      name: 'no-proof',
      values: without('os-password'),
      refused: /'os-authURL' requires exactly one of/,
      findings: ['secret-login'],
    },
    {
      name: 'half-credential',
      likeAnother: true,
      values: { 'os-authURL': authUrl, 'os-applicationCredentialSecret': 'y' },
      refused: /requires exactly one of \[os-applicationCredentialID/,
      findings: ['secret-login'],
    },
    {
      name: 'empty',
      likeAnother: true,
      values: { ...login, 'os-region': '' },
      refused: /'os-region' cannot be empty/,
      findings: ['secret-key'],
    },
    {
      name: 'tls',
      values: { ...login, 'os-TLSInsecure': 'True' },
      refused: /does not match pattern/,
      findings: ['secret-key'],
    },
    {
      name: 'bool',
      likeAnother: true,
      values: { ...login, 'os-useClouds': 'maybe' },
      refused: /invalid boolean value/,
      findings: ['secret-key'],
    },
    {
      name: 'authority',
      values: { ...login, 'os-certAuthority': 'garbage' },
      refused: /failed to parse os-certAuthority/,
      findings: ['secret-address'],
    },
    {
      name: 'typo',
      values: { ...without('os-authURL'), 'os-authUrl': authUrl },
      refused: /unsupported protocol scheme/,
      findings: ['secret-key', 'secret-user'],
    },
    {
      name: 'no-domain',
      values: without('os-domainName'),
      refused: /exactly one of DomainID or DomainName/,
      findings: ['secret-user', 'secret-user'],
    },
    {
      name: 'no-user',
      likeAnother: true,
      values: without('os-userName'),
      refused: /Exactly one of Username and UserID/,
      findings: ['secret-user'],
    },
    { name: 'newline', values: { ...login, 'os-password': 'secret\n' }, refused: /401/, findings: ['secret-blank'] },
    {
      name: 'scheme',
      likeAnother: true,
      values: { ...login, 'os-authURL': authUrl.replace(/^https?:\/\//, '') },
      refused: /first path segment/,
      findings: ['secret-address'],
    },
  ];
}

/** The StorageClass of a case. */
export function classOf(
  { name, values, bare }: LintCase,
  base: { name: string; type: string; clients: string; secret: string; namespace: string },
) {
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: `${base.name}${name}` },
    provisioner: 'nfs.manila.csi.openstack.org',
    parameters: {
      type: base.type,
      'nfs-shareClient': base.clients,
      ...(bare ? {} : { [`${SIDECAR}secret-name`]: base.secret, [`${SIDECAR}secret-namespace`]: base.namespace }),
      ...values,
    },
  };
}

/** The Secret of a case, under data, as the cluster has it. */
export function secretOf({ name, values }: LintCase, base: { name: string; namespace: string }) {
  const data = Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: `${base.name}${name}`, namespace: base.namespace },
    data: Object.fromEntries(data) as Record<string, string>,
  };
}
