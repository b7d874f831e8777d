/** A sentence of the provisioner, the kubelet or the mount command, what it means and what helps. */
interface Cause {
  pattern: RegExp;
  /** In kebab case, for scripts. */
  code: string;
  remedy: string;
}

/** Why a claim is not bound. The first that fits counts. */
const PROVISIONING: readonly Cause[] = [
  {
    pattern: /secrets? "?[^"]*"? not found|secrets cannot be nil/i,
    code: 'secret-missing',
    remedy: 'the Secret that the StorageClass names is not there: run `manila-rwx install`, then `storageclass sync`',
  },
  {
    pattern: /\b401\b|authentication failed|requires authentication/i,
    code: 'credential-refused',
    remedy: 'Keystone refuses the credential in the drivers’ Secret: run `manila-rwx install` to make a new one',
  },
  {
    pattern: /\b403\b|forbidden|not authorized|policy doesn't allow/i,
    code: 'credential-forbidden',
    remedy: 'the drivers’ user may not do that in its project: see its roles and access rules',
  },
  {
    pattern: /\b413\b|quota|limit ?exceeded/i,
    code: 'quota-exceeded',
    remedy: 'raise the quota of the drivers’ project (`manila-rwx quota show`), or delete shares that are not needed',
  },
  {
    pattern: /no valid host|no storage could be allocated|message code 0?0[289]/i,
    code: 'no-valid-host',
    remedy: 'no back end can serve this share type: compare its extra specs with the pools',
  },
  {
    pattern: /share ?network/i,
    code: 'share-network',
    remedy:
      'a type with driver_handles_share_servers=true needs shareNetworkID in the class, one with false must not have it',
  },
  {
    pattern: /share ?type/i,
    code: 'share-type',
    remedy: 'see whether the type exists and the drivers’ project may use it: `manila-rwx sharetype list`',
  },
  {
    pattern: /connection refused|no such host|i\/o timeout|no route to host/i,
    code: 'cloud-unreachable',
    remedy: 'the drivers’ pods do not reach Keystone or Manila: see routes and firewalls from the cluster to the cloud',
  },
];

/** Why a volume is not mounted. */
const MOUNTING: readonly Cause[] = [
  {
    pattern: /access denied|permission denied|operation not permitted/i,
    code: 'mount-denied',
    remedy:
      'the share’s access rules must hold the address by which the server sees the node (mind NAT): nfs-shareClient of the class',
  },
  {
    pattern: /connection timed out|no route to host|connection refused|timeout after|network is unreachable/i,
    code: 'mount-unreachable',
    remedy: 'the node must reach the export location on port 2049: security groups, routes, VLAN',
  },
  {
    pattern: /driver name .* not found in the list of registered CSI drivers/i,
    code: 'driver-missing',
    remedy: 'the driver’s node plugin does not run on this node: `manila-rwx status`',
  },
  {
    pattern: /no such file or directory|not exist/i,
    code: 'export-missing',
    remedy: 'the server has no such export: compare the export locations of the share',
  },
  {
    pattern: /protocol not supported|incorrect mount option|invalid argument/i,
    code: 'mount-options',
    remedy: 'set mountOptions of the class to a version that the server speaks: nfsvers=4.1',
  },
  {
    pattern: /rpc\.statd is not running|nolock/i,
    code: 'mount-statd',
    remedy: 'NFSv3 needs statd on the node: set mountOptions nfsvers=4.1 in the class',
  },
  ...PROVISIONING.filter(({ code }) => /credential|secret|cloud/.test(code)),
];

export function provisioningCause(message: string): Cause | undefined {
  return PROVISIONING.find(({ pattern }) => pattern.test(message));
}

export function mountingCause(message: string): Cause | undefined {
  return MOUNTING.find(({ pattern }) => pattern.test(message));
}

/**
 * Failures that go away by themselves: Manila is slower than the provisioner's call deadline, or the operation is
 * under way already. https://github.com/kubernetes/cloud-provider-openstack/issues/1714
 */
export function isTransient(message: string): boolean {
  return /DeadlineExceeded|deadline exceeded|code = Aborted|already exists|still in progress|code = Unavailable/i.test(
    message,
  );
}

/** The sentence at the end of a chain of wrapped errors: what mount.nfs or Manila itself said. */
export function innermost(message: string): string {
  const flat = message.replaceAll(/\s+/g, ' ').trim();
  const output = /Output: (.*)$/.exec(flat)?.[1];
  const desc = flat.split(/desc = /).at(-1);
  return (output ?? desc ?? flat).trim();
}
