import { createHash } from 'node:crypto';
import { formatDuration } from '../../core/duration.ts';
import { type Barrier, evidenceOf, overlapPercent, type Reply } from '../barrier.ts';
import { IO_DEADLINE_MS, mountsOf, openBarrier, type VerifyEnv } from '../env.ts';
import { stalenessBoundMs } from '../mounts.ts';
import type { Check, Measurement, Outcome, Running } from '../types.ts';
import { listed } from '../words.ts';

const FILES = 200;
const SIZE = 4096;
/** Below this the writers did not really run at the same time, and nothing is proved. */
const LEAST_OVERLAP = 50;
const ROUNDS = 3;
/** For all rounds, on a server that needs 30 ms for a file. */
const DEADLINE_MS = 3 * IO_DEADLINE_MS;

/** All nodes create files in one folder at the same time; afterwards each node must find every file of all. */
export const concurrentWriters: Check<VerifyEnv> = {
  id: 'B2',
  title: 'all nodes write into one folder at once',
  tier: 'T1',
  proves: 'files that several nodes create in one folder at the same time are all there, whole, on every node',
  needs: ['A3'],
  after: ['C1', 'B1'],
  nodes: 2,
  deadlineMs: () => DEADLINE_MS,
  async run(env, running) {
    await using barrier = await openBarrier(env, 'B2', running, DEADLINE_MS);
    // A round that did not overlap is no result, so it is done again, longer, in a folder of its own.
    for (let round = 1; ; round++) {
      const set = { files: FILES * 2 ** (round - 1), folder: `"$D-${round}"` };
      const writes = await write(barrier, set);
      const failed = writes.filter(({ exitCode }) => exitCode !== 0);
      if (failed.length > 0) return writeFailure(failed);
      const overlap = overlapPercent(writes);
      const measurements = measured(writes, set.files, overlap);
      if (overlap >= LEAST_OVERLAP) return { measurements, ...(await judge(env, running, barrier, set)) };
      if (round < ROUNDS) continue;
      return {
        status: 'ERROR',
        code: 'not-concurrent',
        summary: `the writers did not really run at the same time (${overlap} % of their time)`,
        remedy: 'run it again when the nodes are less busy, or with nodes of equal speed (--nodes)',
        measurements,
      };
    }
  },
};

interface FileSet {
  files: number;
  /** As the shell writes it. */
  folder: string;
}

/** Each file says whose it is, padded to its size; dd reports the errors of write, fsync and close. */
async function write(barrier: Barrier, { files, folder }: FileSet): Promise<Reply[]> {
  const made = await barrier.one(0, `mkdir -p ${folder}`);
  if (made.exitCode !== 0) return [made];
  return barrier.all(
    `k=0; while [ $k -lt ${files} ]; do ` +
      `printf '%-${SIZE - 1}s\\n' "$RUN $ME $k" | dd of=${folder}/$ME-$k bs=${SIZE} conv=fsync status=none || break; ` +
      `k=$((k+1)); done; out $k; [ $k = ${files} ]`,
  );
}

/** Content of a file as it must be. */
function contentOf(run: string, pod: number, file: number): string {
  return `${`${run} ${pod} ${file}`.padEnd(SIZE - 1)}\n`;
}

async function judge(env: VerifyEnv, running: Running, barrier: Barrier, set: FileSet): Promise<Outcome> {
  const pods = barrier.pods.length;
  const wanted = digestOfAll(env.names.run, pods, set.files);
  const digests = await barrier.all(digestStep(pods, set));
  const wrong = digests.filter(({ data }) => data[0] !== wanted);
  if (wrong.length > 0) return lost(barrier, wrong, set, env.names.run);
  const listing = await listings(env, running, barrier, set);
  if (listing.outcome) return listing.outcome;
  if (!(await controlSeen(barrier, set, wanted))) {
    return {
      status: 'ERROR',
      code: 'control-failed',
      summary: 'a file was changed on purpose and the comparison did not notice, so it proves nothing',
    };
  }
  const total = pods * set.files;
  return {
    status: 'PASS',
    summary: `${total} files of ${listed(barrier.pods.map(({ node }) => node))} are all there on every node${listing.note}`,
  };
}

/** One digest over all files, opened by name in a fixed order. A file that is missing or torn changes it. */
function digestStep(pods: number, { files, folder }: FileSet): string {
  return (
    `cd ${folder} && i=0; while [ $i -lt ${pods} ]; do k=0; ` +
    `while [ $k -lt ${files} ]; do echo $i-$k; k=$((k+1)); done; i=$((i+1)); done | ` +
    `xargs -n 500 sha256sum 2>/dev/null | sha256sum | { read -r s _; out "$s"; }; cd /`
  );
}

export function digestOfAll(run: string, pods: number, files: number): string {
  const all = createHash('sha256');
  for (let pod = 0; pod < pods; pod++) {
    for (let file = 0; file < files; file++) {
      const one = createHash('sha256')
        .update(contentOf(run, pod, file))
        .digest('hex');
      all.update(`${one}  ${pod}-${file}\n`);
    }
  }
  return all.digest('hex');
}

/** Which files are not as they were written, from each node's view. */
async function lost(barrier: Barrier, wrong: readonly Reply[], set: FileSet, run: string): Promise<Outcome> {
  const details = await barrier.all(
    `i=0; while [ $i -lt ${barrier.pods.length} ]; do k=0; while [ $k -lt ${set.files} ]; do ` +
      `f=${set.folder}/$i-$k; c=$(cat "$f" 2>/dev/null) && [ "$c" = "$(printf '%-${SIZE - 1}s' "$RUN $i $k")" ] || ` +
      `out "$i-$k $(stat -c %s "$f" 2>/dev/null || echo missing)"; k=$((k+1)); done; i=$((i+1)); done`,
  );
  const nodes = barrier.pods.map(({ node }) => node);
  const texts = details.flatMap(({ data, pod }) => {
    if (data.length === 0) return [];
    const missing = data.filter((line) => line.endsWith(' missing')).length;
    const empty = data.filter((line) => line.endsWith(' 0')).length;
    return [
      `${pod.node} lacks ${missing} files and finds ${data.length - missing} wrong${empty ? ` (${empty} empty)` : ''}`,
    ];
  });
  return {
    status: 'FAIL',
    code: 'lost-files',
    summary: `files that ${listed(nodes)} wrote at the same time are lost or torn: ${texts.join('; ') || listed(wrong.map(({ pod }) => pod.node))}`,
    remedy: 'see the server’s log for a failover, and whether it exports with async',
    evidence: details.map((reply) => evidenceOf({ ...reply, data: [`run ${run}`, ...reply.data.slice(0, 20)] })),
  };
}

/**
 * A listing may lawfully be old until the mount's attributes expire, so it is asked for again until it is right; that
 * time is the deadline only. A name that is listed twice is never right.
 */
async function listings(env: VerifyEnv, running: Running, barrier: Barrier, { files, folder }: FileSet) {
  const total = barrier.pods.length * files;
  const bound = Math.max(...(await mountsOf(env, running)).map(stalenessBoundMs));
  const startedAt = env.clock.now();
  for (;;) {
    const lists = await barrier.all(`out $(ls ${folder} | wc -l) $(ls ${folder} | sort | uniq -d | wc -l)`);
    const twice = lists.filter(({ data }) => data[0]?.split(' ')[1] !== '0');
    const nodesOf = (replies: readonly Reply[]): string => listed(replies.map(({ pod }) => pod.node));
    if (twice.length > 0) return { note: '', outcome: badListing('lists names twice', twice, nodesOf(twice)) };
    const short = lists.filter(({ data }) => data[0]?.split(' ')[0] !== String(total));
    const waitedMs = env.clock.now() - startedAt;
    if (short.length === 0) {
      return { note: waitedMs > 1000 ? `; listings were right after ${formatDuration(waitedMs)}` : '' };
    }
    if (waitedMs >= bound) {
      const what = `does not list all ${total} files after ${formatDuration(waitedMs)}`;
      return { note: '', outcome: badListing(what, short, nodesOf(short)) };
    }
    running.progress(`waiting for the listing on ${nodesOf(short)}`);
    await env.clock.sleep(500, running.signal);
  }
}

function badListing(what: string, replies: readonly Reply[], nodes: string): Outcome {
  return {
    status: 'FAIL',
    code: 'wrong-listing',
    summary: `${nodes} ${what}`,
    remedy: 'a fault in the server’s directory cookies: try mountOptions nordirplus',
    evidence: replies.map((reply) => evidenceOf(reply)),
  };
}

/** Changes a byte of one file and compares again: the comparison must be able to fail. */
async function controlSeen(barrier: Barrier, set: FileSet, wanted: string): Promise<boolean> {
  const broken = await barrier.one(
    0,
    `printf x | dd of=${set.folder}/0-0 bs=1 seek=100 conv=notrunc,fsync status=none`,
  );
  const digest = await barrier.one(0, digestStep(barrier.pods.length, set));
  return broken.exitCode === 0 && digest.data[0] !== wanted;
}

function writeFailure(failed: readonly Reply[]): Outcome {
  const words = [...new Set(failed.map(({ said, exitCode }) => said.split('\n')[0] || `exit code ${exitCode}`))];
  return {
    status: 'FAIL',
    code: 'write-failed',
    summary: `writing fails on ${listed(failed.map(({ pod }) => pod.node))}: ${words.join('; ')}`,
    evidence: failed.map((reply) => evidenceOf(reply)),
  };
}

function measured(writes: readonly Reply[], files: number, overlap: number): Measurement[] {
  const rates = writes.map(({ pod, tookMs }): Measurement => {
    const value = Math.round((files / Math.max(10, tookMs)) * 1000);
    return { name: 'files-written', value, unit: 'files/s', node: pod.node };
  });
  return [{ name: 'overlap', value: overlap, unit: '%' }, ...rates];
}
