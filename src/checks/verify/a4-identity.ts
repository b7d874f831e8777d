import { mountsOf, type VerifyEnv } from '../env.ts';
import { fileSystemKind, type Mount, option } from '../mounts.ts';
import type { Check, Outcome } from '../types.ts';
import { listed } from '../words.ts';

const PROVES = 'what is mounted is a network file system, the same on every node';

/**
 * A local folder that was mounted in place of the share passes every test on one node, so the mount tables are
 * compared. Whether the nodes see each other's writes is B1's to say; where they do not, that is the cause.
 */
export const identity: Check<VerifyEnv> = {
  id: 'A4',
  title: 'the mount is the share',
  tier: 'T1',
  proves: PROVES,
  needs: ['A3'],
  after: ['B1'],
  deadlineMs: () => 60_000,
  async run(env, running) {
    const mounts = await mountsOf(env, running);
    const nodes = env.facts.pods.map(({ node }) => node);
    const evidence = mounts.map(({ text }, index) => ({ node: nodes[index] ?? '', mount: text }));
    const judged = judge(mounts, nodes, env.options.expectFstype, env.storageClass.mountOptions ?? []);
    return { ...judged, evidence };
  },
};

/** The verdict on the mounts of the nodes, in the same order. */
export function judge(
  mounts: readonly Mount[],
  nodes: readonly string[],
  expected: string | undefined,
  wantedOptions: readonly string[],
): Outcome {
  const types = [...new Set(mounts.map(({ fstype }) => fstype))];
  const on = (wanted: (mount: Mount) => boolean): string =>
    listed(nodes.filter((_, i) => mounts[i] && wanted(mounts[i])));
  const [first] = mounts;
  if (!first) throw new Error('there is no mount to judge');
  if (expected !== undefined && types.some((type) => type !== expected)) {
    return {
      status: 'FAIL',
      code: 'wrong-fstype',
      summary: `the mount is ${types.join(', ')} on ${on(({ fstype }) => fstype !== expected)}, not ${expected}`,
      remedy: 'name the file system that the share has with --expect-fstype, or leave the flag out for NFS and CephFS',
    };
  }
  const kinds = mounts.map(({ fstype }) => fileSystemKind(fstype));
  if (expected === undefined && kinds.some((kind) => kind !== 'network')) {
    return {
      status: 'FAIL',
      code: 'not-a-network-mount',
      summary: `the mount on ${on(({ fstype }) => fileSystemKind(fstype) !== 'network')} is ${types.join(', ')}: ${
        kinds.includes('local') ? 'a local file system' : 'a file system that is not known here'
      }, not a share`,
      remedy: `see the driver's node plugin; where ${types.join(', ')} is right here, say so with --expect-fstype`,
    };
  }
  const identities = mounts.map(identityOf);
  if (new Set(identities).size > 1) {
    return {
      status: 'FAIL',
      code: 'different-mounts',
      summary: `the nodes mount different places: ${nodes.map((node, i) => `${node} ${identities[i]}`).join(', ')}`,
      remedy: 'compare the export locations of the share with what each node mounts',
    };
  }
  if (kinds.every((kind) => kind === 'network')) return withWarnings(mounts, nodes, wantedOptions);
  return {
    status: 'PASS',
    summary: `${first.fstype}, the same device and folder on ${listed(nodes)}; network mount NOT verified`,
    proved: 'every node mounts the same folder of the same device',
    notProved: [{ what: 'network mount', why: `--expect-fstype ${first.fstype} is no network file system known here` }],
  };
}

/**
 * What must be the same on all nodes: the export of a network mount (its server may have several addresses), device
 * and folder of another. Major number 0 is no block device, and then its number is each node's own.
 */
function identityOf(mount: Mount): string {
  if (fileSystemKind(mount.fstype) === 'network') return mount.source.slice(mount.source.lastIndexOf(':/') + 1);
  const device = mount.device?.startsWith('0:') === false ? mount.device : mount.source;
  return `${device}${mount.root ?? ''}`;
}

const SMALLEST_TRANSFER = 65_536;

function withWarnings(mounts: readonly Mount[], nodes: readonly string[], wantedOptions: readonly string[]): Outcome {
  const warnings = [...new Set(mounts.flatMap((mount) => warningsOf(mount, wantedOptions)))];
  const versions = [...new Set(mounts.map((mount) => option(mount, 'vers') ?? mount.fstype))];
  if (versions.length > 1) warnings.push(`the nodes speak different versions: ${versions.join(', ')}`);
  const what = `${mounts[0]?.fstype} from ${mounts[0]?.source} on ${listed(nodes)}`;
  if (warnings.length === 0) return { status: 'PASS', summary: what };
  return {
    status: 'WARN',
    code: 'mount-options',
    summary: `${what}; ${warnings.join('; ')}`,
    remedy: 'set mountOptions in the class: nfsvers=4.1, hard',
  };
}

function warningsOf(mount: Mount, wantedOptions: readonly string[]): string[] {
  if (!mount.fstype.startsWith('nfs')) return [];
  const set = (name: string): boolean => option(mount, name) !== undefined;
  const local = option(mount, 'local_lock');
  const small = ['rsize', 'wsize'].filter(
    (name) => Number(option(mount, name) ?? SMALLEST_TRANSFER) < SMALLEST_TRANSFER,
  );
  const missing = wantedOptions.filter((wanted) => !isInForce(mount, wanted));
  return [
    set('soft') && 'soft: a slow server loses writes without a word',
    set('nolock') && 'nolock: locks hold on their own node only',
    local !== undefined && local !== 'none' && `local_lock=${local}: locks hold on their own node only`,
    option(mount, 'vers') === '3' && 'NFS version 3',
    set('noac') && 'noac: every look at a file asks the server',
    small.length > 0 && `${small.map((name) => `${name}=${option(mount, name)}`).join(', ')}: less than 64 KiB`,
    missing.length > 0 && `mountOptions of the class that the mount does not show: ${missing.join(', ')}`,
  ].filter((text) => typeof text === 'string');
}

/** The table shows nfsvers=4.1 as vers=4.1, and options that only steer the mount command not at all. */
function isInForce(mount: Mount, wanted: string): boolean {
  const text = wanted.replace(/^nfsvers=/, 'vers=');
  if (/^(bg|fg|retry=|_netdev|noauto|nofail|x-)/.test(text)) return true;
  return mount.options.includes(text) || mount.options.includes(`${text}.0`);
}
