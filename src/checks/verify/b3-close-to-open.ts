import { createHash } from 'node:crypto';
import { type Barrier, evidenceOf, type Reply } from '../barrier.ts';
import { IO_DEADLINE_MS, mountsOf, openBarrier, type VerifyEnv } from '../env.ts';
import { type Mount, option } from '../mounts.ts';
import type { Check, Outcome, Running } from '../types.ts';

const ROUNDS = 20;
/** The last rounds come without a pause, to hit servers whose times are coarse. */
const FAST_ROUNDS = 2;
const PAUSE_MS = 100;

/**
 * The one promise that NFS makes about caches: who opens a file after another closed it sees what was written. A
 * rewrite in place, of the same size, is what caches get wrong.
 */
export const closeToOpen: Check<VerifyEnv> = {
  id: 'B3',
  title: 'a reader sees the last version',
  tier: 'T1',
  proves: 'a file that is rewritten in place and closed is read in its new version by every node that opens it then',
  needs: ['A3'],
  after: ['C1', 'B1'],
  nodes: 2,
  deadlineMs: () => IO_DEADLINE_MS,
  async run(env, running) {
    await using barrier = await openBarrier(env, 'B3', running);
    const stale = await rounds(env, running, barrier);
    if ('status' in stale) return stale;
    const mounts = await mountsOf(env, running);
    if (stale.length > 0) return staleOutcome(stale, mounts, env);
    const control = await controlOf(barrier);
    if (control) return control;
    const reads = ROUNDS * barrier.pods.length;
    return {
      status: 'PASS',
      summary: `${ROUNDS} rewrites in place, ${reads} reads, none of an older version`,
      measurements: [{ name: 'reads-fresh', value: reads, unit: 'count' }],
    };
  },
};

interface Stale {
  round: number;
  reply: Reply;
  /** The version that was read; undefined where it is none, or parts of several. */
  version: number | undefined;
}

/** Rewrites and reads round by round, another pod writing each time. Returns the reads that were not of the last one. */
async function rounds(env: VerifyEnv, running: Running, barrier: Barrier): Promise<Stale[] | Outcome> {
  const stale: Stale[] = [];
  for (let version = 0; version <= ROUNDS; version++) {
    if (version <= ROUNDS - FAST_ROUNDS) await env.clock.sleep(PAUSE_MS, running.signal);
    const write = await barrier.one(version % barrier.pods.length, writeStep(version));
    if (write.exitCode !== 0) return writeFailure(write);
    const reads = await barrier.all(READ);
    for (const reply of reads) {
      const seen = versionOf(reply.data[0] ?? '');
      if (seen !== version) stale.push({ round: version, reply, version: seen });
    }
  }
  return stale;
}

/** 8 KiB, of nothing but the version's number, so that a mixture of two versions shows too. */
function writeStep(version: number): string {
  const make = version === 0 ? `mkdir -p "$D" && ` : ``;
  const doubled = Array.from({ length: 10 }, () => 'v=$v$v').join('; ');
  const conv = version === 0 ? 'fsync' : 'notrunc,fsync';
  return `${make}v=${numberOf(version)}; ${doubled}; printf %s "$v" | dd of="$D/file" bs=8192 conv=${conv} status=none`;
}

const READ = `sha256sum <"$D/file" | { read -r s _; out "$s"; }`;

function numberOf(version: number): string {
  return String(version).padStart(8, '0');
}

const VERSIONS = new Map(
  Array.from({ length: ROUNDS + 2 }, (_, version) => [
    createHash('sha256').update(numberOf(version).repeat(1024)).digest('hex'),
    version,
  ]),
);

/** Which version has this digest; undefined where it is none of them. */
export function versionOf(digest: string): number | undefined {
  return VERSIONS.get(digest);
}

function staleOutcome(stale: readonly Stale[], mounts: readonly Mount[], env: VerifyEnv): Outcome {
  const words = stale.map(({ round, reply, version }) => {
    const what = version === undefined ? 'a mixture' : `version ${version}`;
    return `${reply.pod.node} read ${what} after version ${round} was closed`;
  });
  const version3 = mounts.some((mount) => option(mount, 'vers') === '3');
  const coarse = version3 && stale.every(({ round, version }) => round > ROUNDS - FAST_ROUNDS && version !== undefined);
  const noCto = mounts.some((mount) => option(mount, 'nocto') !== undefined);
  return {
    status: coarse ? 'WARN' : 'FAIL',
    code: coarse ? 'coarse-times' : 'stale-read',
    summary: `${stale.length} reads were of an older version: ${words.slice(0, 3).join(', ')}`,
    remedy: noCto
      ? 'take nocto out of the mountOptions'
      : coarse
        ? 'NFS version 3 tells versions apart by time alone: set mountOptions nfsvers=4.1 in the class'
        : 'several gateways with caches of their own before one back end do this, or a server that hands out wrong delegations',
    evidence: stale.slice(0, 5).map(({ reply }) => evidenceOf(reply, mounts[env.facts.pods.indexOf(reply.pod)]?.text)),
  };
}

/** Without a rewrite the readers must go on reading the old version: so they read the file, not what is hoped for. */
async function controlOf(barrier: Barrier): Promise<Outcome | undefined> {
  const reads = await barrier.all(READ);
  if (reads.every(({ data }) => versionOf(data[0] ?? '') === ROUNDS)) return undefined;
  return {
    status: 'FAIL',
    code: 'control-failed',
    summary: 'the file changed although nobody wrote it',
    evidence: reads.map((reply) => evidenceOf(reply)),
  };
}

function writeFailure(reply: Reply): Outcome {
  return {
    status: 'FAIL',
    code: 'write-failed',
    summary: `rewriting a file fails on ${reply.pod.node}: ${reply.said.split('\n')[0] || `exit code ${reply.exitCode}`}`,
    evidence: [evidenceOf(reply)],
  };
}
