import { createHash, randomBytes } from 'node:crypto';
import { type Barrier, evidenceOf, type Reply } from '../barrier.ts';
import { IO_DEADLINE_MS, mountsOf, openBarrier, type VerifyEnv } from '../env.ts';
import type { Mount } from '../mounts.ts';
import type { Check, Outcome } from '../types.ts';
import { listed } from '../words.ts';

/** A name that nobody writes: a reader that finds it would find anything. */
const NOBODY = 'from-nobody';

/** Every node writes a file, then every node reads the files of all. */
export const visibility: Check<VerifyEnv> = {
  id: 'B1',
  title: 'every node sees what the others wrote',
  tier: 'T1',
  proves: 'a file that is written and closed on one node is read whole on every other',
  needs: ['A3'],
  after: ['C1'],
  nodes: 2,
  deadlineMs: () => IO_DEADLINE_MS,
  async run(env, running) {
    const mounts = mountsOf(env, running);
    mounts.catch(() => undefined);
    await using barrier = await openBarrier(env, 'B1', running);
    const tokens = barrier.pods.map(() => randomBytes(32).toString('hex'));
    const writes = await write(barrier, tokens);
    const failed = writes.filter(({ exitCode }) => exitCode !== 0);
    if (failed.length > 0) return writeFailure(failed, await mounts);
    const reads = await barrier.all(readStep(barrier.pods.length));
    return judge(reads, tokens.map(digestOf), await mounts);
  },
};

/** 4 KiB of text that only this run knows. The first pod makes the folder before the others look for it. */
async function write(barrier: Barrier, tokens: readonly string[]): Promise<Reply[]> {
  const mkdir = `mkdir -p "$D"`;
  const first = await barrier.one(0, mkdir);
  if (first.exitCode !== 0) return [first];
  const content = (index: number): string => `c=${tokens[index]}; c=$c$c; c=$c$c; c=$c$c; c=$c$c; c=$c$c; c=$c$c`;
  return barrier.all(
    (index) => `${mkdir} && ${content(index)} && printf %s "$c" | dd of="$D/from-$ME" conv=fsync status=none`,
  );
}

export function digestOf(token: string): string {
  return createHash('sha256').update(token.repeat(64)).digest('hex');
}

/** Each file is opened by its name, once: no listing, which a cache may answer, and no polling. */
function readStep(count: number): string {
  const names = [...Array.from({ length: count }, (_, index) => `from-${index}`), NOBODY].join(' ');
  return `for f in ${names}; do if s=$(sha256sum "$D/$f" 2>&1); then out "$f" "\${s%% *}"; else out "$f" "! $s"; fi; done`;
}

/** What the readers found, against what was written. Row: who wrote; column: who reads. */
export function judge(reads: readonly Reply[], digests: readonly string[], mounts: readonly Mount[]): Outcome {
  const nodes = reads.map(({ pod }) => pod.node);
  const cells = reads.flatMap((reply, reader) => {
    const found = new Map(
      reply.data.map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]),
    );
    return digests.map((digest, writer) => {
      const got = found.get(`from-${writer}`) ?? '! no answer';
      return { reader, writer, got, right: got === digest };
    });
  });
  const evidence = reads.map((reply, index) => evidenceOf(reply, mounts[index]?.text));
  const control = reads.filter(({ data }) =>
    data.some((line) => line.startsWith(`${NOBODY} `) && !/^\S+ ! /.test(line)),
  );
  if (control.length > 0) {
    return {
      status: 'FAIL',
      code: 'control-failed',
      summary: `a file that nobody wrote is found on ${listed(control.map(({ pod }) => pod.node))}`,
      remedy: 'the volume makes up files: nothing that is read from it can be trusted',
      evidence,
    };
  }
  const wrong = cells.filter(({ right }) => !right);
  if (wrong.length === 0) {
    return {
      status: 'PASS',
      summary: `${listed(nodes)} read each other's files (${cells.length} reads, all equal)`,
      measurements: [{ name: 'reads-equal', value: cells.length, unit: 'count' }],
    };
  }
  const name = (index: number): string => nodes[index] ?? '';
  const pairs = wrong.map(({ reader, writer, got }) =>
    reader === writer
      ? `${name(reader)} does not read back its own file${said(got)}`
      : `${name(reader)} does not see the file of ${name(writer)}${said(got)}`,
  );
  const others = wrong.some(({ reader, writer }) => reader !== writer);
  return {
    status: 'FAIL',
    code: others ? 'not-shared' : 'lost-write',
    summary: `${others ? "the nodes do not see each other's writes" : 'a write is lost'}: ${brief(pairs)}`,
    remedy: placesDiffer(mounts)
      ? `the nodes mount different places (see the mount lines): each has a folder of its own, not the share`
      : 'compare the mount lines of the nodes and the export locations of the share',
    evidence,
  };
}

function writeFailure(failed: readonly Reply[], mounts: readonly Mount[]): Outcome {
  const words = [...new Set(failed.map(({ said: text, exitCode }) => text.split('\n')[0] || `exit code ${exitCode}`))];
  return {
    status: 'FAIL',
    code: 'write-failed',
    summary: `writing fails on ${listed(failed.map(({ pod }) => pod.node))}: ${words.join('; ')}`,
    evidence: failed.map((reply, index) => evidenceOf(reply, mounts[index]?.text)),
  };
}

function placesDiffer(mounts: readonly Mount[]): boolean {
  return new Set(mounts.map(({ source, root }) => `${source} ${root ?? ''}`)).size > 1;
}

/** A digest says nothing to people; an error does, without the path that everybody knows. */
function said(got: string): string {
  if (!got.startsWith('! ')) return ' as it was written';
  const words = got.split(': ').at(-1) ?? '';
  return /no such file/i.test(words) ? '' : ` (${words})`;
}

function brief(texts: readonly string[]): string {
  return texts.length <= 4 ? texts.join(', ') : `${texts.slice(0, 4).join(', ')} and ${texts.length - 4} more`;
}
