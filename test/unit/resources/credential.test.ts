import { describe, expect, it } from 'vitest';
import { planCredential } from '../../../src/resources/credential-plan.ts';
import { allowsAll, driverAccessRules } from '../../../src/resources/credential-rules.ts';
import {
  type CredentialFacts,
  credentialSecret,
  type DriverConnection,
  readCredentialSecret,
} from '../../../src/resources/credential-secret.ts';
import { type CredentialState, isLoopback } from '../../../src/resources/credential-state.ts';
import { prepared } from '../../../src/resources/kube-objects.ts';

const CONNECTION: DriverConnection = {
  authUrl: 'https://keystone.example.org:5000/v3',
  region: 'RegionOne',
  interface: 'public',
  caPem: undefined,
  insecure: false,
};

const FACTS: CredentialFacts = {
  credentialId: 'c1',
  credentialName: 'manila-rwx-1a2b3c4d-driver-1',
  userId: 'u1',
  userName: 'manila-rwx-1a2b3c4d',
  projectId: 'p1',
  projectName: 'rwx',
  expiresAt: Date.UTC(2027, 4, 22),
  limited: true,
  cloud: undefined,
};

const OPTIONS = { namespace: 'manila-csi' };

function state(more: Partial<CredentialState> = {}): CredentialState {
  return {
    connection: CONNECTION,
    project: { id: 'p1', name: 'rwx' },
    userName: FACTS.userName,
    secret: undefined,
    kept: undefined,
    former: undefined,
    reason: undefined,
    moves: false,
    serviceUser: undefined,
    login: undefined,
    old: [],
    oldUser: undefined,
    ...more,
  };
}

function lines(plan: ReturnType<typeof planCredential>): string[] {
  return plan.map(({ change: { action, kind, name }, op }) => `${action} ${kind} ${name} (${op.do})`);
}

describe('the Secret of the drivers', () => {
  it('has the fewest keys that Manila CSI takes, and no secret outside them', () => {
    const secret = credentialSecret(OPTIONS, CONNECTION, 's3cret', FACTS);
    expect(Object.keys(secret.data as object).sort()).toEqual([
      'os-applicationCredentialID',
      'os-applicationCredentialSecret',
      'os-authURL',
      'os-region',
    ]);
    expect(JSON.stringify(secret.metadata)).not.toContain('s3cret');
  });

  it('has a key for each thing that is not usual, and none that is empty', () => {
    const connection: DriverConnection = { ...CONNECTION, interface: 'internal', caPem: 'PEM', insecure: true };
    const held = readCredentialSecret(credentialSecret(OPTIONS, connection, 's3cret', FACTS));
    expect(held?.data).toMatchObject({
      'os-endpointType': 'internal',
      'os-certAuthority': 'PEM',
      'os-TLSInsecure': 'true',
    });
    expect(Object.values(held?.data ?? {})).not.toContain('');
  });

  it('is read back as it was written', () => {
    for (const facts of [FACTS, { ...FACTS, cloud: 'alice', limited: false, expiresAt: undefined }]) {
      expect(readCredentialSecret(credentialSecret({ namespace: 'n' }, CONNECTION, 's3cret', facts))).toMatchObject({
        secret: 's3cret',
        facts,
      });
    }
    expect(
      readCredentialSecret({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x' }, data: {} }),
    ).toBeUndefined();
  });
});

describe('the plan for a credential', () => {
  const secret = prepared(credentialSecret(OPTIONS, CONNECTION, 's3cret', FACTS));
  const kept = { secret: 's3cret', facts: FACTS };

  it('changes nothing where all is well', () => {
    expect(lines(planCredential(state({ secret, kept }), OPTIONS))).toEqual([
      'none ApplicationCredential manila-rwx-1a2b3c4d-driver-1 (nothing)',
      'none Secret manila-csi/manila-rwx-credential (nothing)',
    ]);
  });

  it('makes user, role, credential and Secret from nothing', () => {
    const project = { id: 'p1', name: 'rwx', domainId: 'default', enabled: true };
    const serviceUser = {
      name: FACTS.userName,
      project,
      role: { id: 'r', name: 'member' },
      user: undefined,
      hasRole: false,
    };
    expect(lines(planCredential(state({ reason: 'there is none yet', serviceUser }), OPTIONS))).toEqual([
      'create User manila-rwx-1a2b3c4d (user)',
      'create RoleAssignment member of manila-rwx-1a2b3c4d on rwx (role)',
      'create ApplicationCredential manila-rwx-1a2b3c4d on rwx (make)',
      'create Secret manila-csi/manila-rwx-credential (nothing)',
    ]);
  });

  it('follows the cloud to a new address without a new credential', () => {
    const moved = { ...CONNECTION, authUrl: 'https://new.example.org/v3' };
    const plan = planCredential(state({ secret, kept, connection: moved }), OPTIONS);
    expect(lines(plan)[1]).toBe('update Secret manila-csi/manila-rwx-credential (secret)');
    expect(JSON.stringify(plan[1]?.change)).not.toContain(Buffer.from('s3cret').toString('base64'));
  });

  it('replaces one that is due and revokes it last', () => {
    const old = [{ id: 'c1', name: FACTS.credentialName, userId: 'u1' }];
    const plan = planCredential(state({ secret, reason: 'it ends on 2027-05-22', old }), OPTIONS);
    expect(lines(plan)).toEqual([
      'replace ApplicationCredential manila-rwx-1a2b3c4d on rwx (make)',
      'update Secret manila-csi/manila-rwx-credential (nothing)',
      'delete ApplicationCredential manila-rwx-1a2b3c4d-driver-1 (revoke)',
    ]);
    expect(plan.some(({ change }) => change.destructive)).toBe(false);
  });

  it('asks before the shares go to another project', () => {
    const plan = planCredential(state({ secret, reason: 'x', moves: true }), OPTIONS);
    expect(plan[0]?.change).toMatchObject({
      destructive: true,
      reason: expect.stringMatching(/project rwx/) as string,
    });
  });

  it('removes what a stopped run has left', () => {
    const old = [{ id: 'c9', name: 'manila-rwx-1a2b3c4d-driver-9', userId: 'u1' }];
    const plan = planCredential(state({ secret, kept, old }), OPTIONS);
    expect(plan.at(-1)?.change).toMatchObject({ action: 'delete', reason: 'left by a run that was stopped' });
  });
});

describe('access rules', () => {
  const catalog = (...entries: [type: string, url: string][]) =>
    entries.map(([type, url]) => ({ type, endpoints: [{ interface: 'public', region: 'R', url }] }));

  it('cover the version document and every call, for each name that Manila may go by', () => {
    const rules = driverAccessRules(
      catalog(['sharev2', 'https://x/share/v2'], ['share', 'https://x/share/v1/abc'], ['compute', 'https://x/v2.1']),
    );
    expect(new Set(rules.map(({ service }) => service))).toEqual(new Set(['share', 'sharev2']));
    expect(rules.filter(({ service }) => service === 'share')).toContainEqual({
      method: 'DELETE',
      path: '/share/v2/shares/*',
      service: 'share',
    });
    expect(rules).toContainEqual({ method: 'GET', path: '/share/v2/', service: 'sharev2' });
    expect(rules.filter(({ path }) => !path.startsWith('/share/v2/'))).toEqual([]);
  });

  it('keep the project where the URL holds it, but not in the version document', () => {
    const paths = driverAccessRules(catalog(['sharev2', 'http://x:8786/v2/abc'])).map(({ path }) => path);
    expect(paths).toContain('/v2/abc/shares');
    expect(paths).toContain('/v2/');
  });

  it('allow no quotas, types, networks or services', () => {
    const paths = driverAccessRules(catalog(['sharev2', 'http://x/v2'])).map(({ path }) => path);
    expect(paths.filter((path) => /types|quota|networks|services|\*\*/.test(path))).toEqual([]);
  });

  it('are enough where a credential has them all, or none at all', () => {
    const rules = driverAccessRules(catalog(['sharev2', 'http://x/v2']));
    expect(allowsAll({ accessRules: rules }, rules)).toBe(true);
    expect(allowsAll({ accessRules: rules.slice(1) }, rules)).toBe(false);
    expect(allowsAll({ accessRules: [] }, rules)).toBe(true);
  });
});

describe('addresses that mean the pod itself', () => {
  it.each(['localhost', '127.0.0.1', '127.1.2.3', '[::1]', '0.0.0.0', 'x.localhost'])('%s', (host) => {
    expect(isLoopback(host)).toBe(true);
  });
  it.each(['10.0.0.1', 'keystone.example.org', 'localhost.example.org', '128.0.0.1'])('not %s', (host) => {
    expect(isLoopback(host)).toBe(false);
  });
});
