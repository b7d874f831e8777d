import type { Clock } from '../core/clock.ts';
import { formatDuration } from '../core/duration.ts';
import { couldNotRun, timedOut } from '../core/errors.ts';
import type { ExecSession, KubeClient } from '../kube/types.ts';
import { type Evidence, Verdict } from './types.ts';
import { listed } from './words.ts';

/** A pod of the run, on its node. */
export interface RunPod {
  name: string;
  namespace: string;
  node: string;
}

/** What one step said in one pod. */
export interface Reply {
  pod: RunPod;
  /** The shell line that ran, after the variables that it uses. */
  step: string;
  exitCode: number;
  /** Lines that the step printed with `out`: its data. */
  data: string[];
  /** Everything else that was printed, the errors of its commands. */
  said: string;
  /** Milliseconds by the clock of this program: the step was seen to begin and to end. */
  startedAt: number;
  endedAt: number;
  /** Milliseconds that the step took by the node's own clock, to 10 ms. */
  tookMs: number;
}

export interface BarrierOptions {
  kube: Pick<KubeClient, 'execSession' | 'exec'>;
  clock: Clock;
  signal: AbortSignal;
  /** Milliseconds that the whole conversation may last. */
  timeoutMs: number;
  /** Milliseconds that one step may last before it is taken to hang. */
  stepMs: number;
}

/**
 * A shell that does what it is told: a line comes in, runs, and its output goes out between two marks. It stands
 * ready in `read` before each line, so that a line written to all pods at once starts them together. Nothing is
 * synchronised through the volume. Standard error is joined, as an exec delivers it only at the end; the old one is
 * kept open beside it, because containerd closes the input of an exec as soon as either of its outputs is closed
 * (`ExecIO.Attach` in its CRI plugin).
 */
const SHELL = [
  'exec 3>&2 2>&1',
  `out() { printf '= %s\\n' "$*"; }`,
  'M="$MANILA_RWX_MOUNT" D="$MANILA_RWX_MOUNT/$FOLDER"',
  'now() { read -r up _ </proc/uptime; }',
  // Where pods are processes of a machine without /proc, a command is named that tells the time.
  'if [ -n "${MANILA_RWX_CLOCK-}" ]; then now() { up=$($MANILA_RWX_CLOCK); }; fi',
  'echo "@ready $D"',
  'while IFS= read -r step; do',
  'now; echo "@start $up"',
  'eval "$step"; rc=$?',
  'now; echo "@end $rc $up"',
  'done',
].join('\n');

interface Shell {
  session: ExecSession;
  /** What is set in it, as assignments, so that a step can be repeated by hand. */
  variables: string;
}

/** One shell in each pod, all of them ready. Closing abandons them. */
export class Barrier implements AsyncDisposable {
  readonly pods: readonly RunPod[];
  readonly #options: BarrierOptions;
  readonly #shells: readonly Shell[];

  private constructor(pods: readonly RunPod[], shells: readonly Shell[], options: BarrierOptions) {
    this.pods = pods;
    this.#shells = shells;
    this.#options = options;
  }

  /**
   * Opens a shell in every pod and waits until each says that it is ready. In them `$M` is the volume, `$D` this
   * folder of it, `$RUN` the run and `$ME` the pod's number, from 0.
   */
  static async open(
    pods: readonly RunPod[],
    { run, folder }: { run: string; folder: string },
    options: BarrierOptions,
  ): Promise<Barrier> {
    const opened = await Promise.allSettled(
      pods.map(async (pod, index): Promise<Shell> => {
        const command = ['sh', '-c', `RUN=${quote(run)} FOLDER=${quote(folder)} ME=${index}\n${SHELL}`];
        const session = await options.kube.execSession(pod, {
          command,
          timeoutMs: options.timeoutMs,
          signal: options.signal,
        });
        const first = (await session.nextLine()) ?? '';
        if (first.startsWith('@ready '))
          return { session, variables: `RUN=${run} ME=${index} D=${quote(first.slice(7))}` };
        session.abandon();
        throw couldNotRun('exec-failed', `the shell in pod ${pod.name} on ${pod.node} did not start: ${first}`);
      }),
    );
    const failed = opened.find((one) => one.status === 'rejected');
    const shells = opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    if (failed) {
      for (const { session } of shells) session.abandon();
      throw failed.reason;
    }
    return new Barrier(pods, shells, options);
  }

  /** Runs a step in every pod at the same moment and waits for all of them. */
  async all(step: string | ((index: number) => string)): Promise<Reply[]> {
    return this.#run(
      this.pods.map((_, index) => index),
      step,
    );
  }

  /** Runs a step in one pod. */
  async one(index: number, step: string): Promise<Reply> {
    const [reply] = await this.#run([index], step);
    if (!reply) throw new Error(`there is no pod ${index}`);
    return reply;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { session } of this.#shells) session.abandon();
  }

  async #run(indices: readonly number[], step: string | ((index: number) => string)) {
    const lines = new Map(indices.map((index) => [index, typeof step === 'string' ? step : step(index)]));
    for (const [index, line] of lines) this.#shells[index]?.session.write(`${line}\n`);
    const settled = await Promise.allSettled([...lines].map(([index, line]) => this.#withinTime(index, line)));
    const replies: Reply[] = [];
    const late: Late[] = [];
    for (const one of settled) {
      if (one.status === 'fulfilled') replies.push(one.value);
      else if (one.reason instanceof Late) late.push(one.reason);
      else throw one.reason;
    }
    if (late.length > 0) throw this.#tooLate(late);
    return replies;
  }

  async #withinTime(index: number, step: string): Promise<Reply> {
    const { clock, stepMs } = this.#options;
    const done = new AbortController();
    const late = clock.sleep(stepMs, done.signal).then(
      () => 'late' as const,
      () => 'late' as const,
    );
    try {
      const reply = await Promise.race([this.#reply(index, step), late]);
      if (reply === 'late') throw await this.#lookAtProcesses(index, step);
      return reply;
    } finally {
      done.abort();
    }
  }

  async #reply(index: number, step: string): Promise<Reply> {
    const [pod, shell] = [this.pods[index], this.#shells[index]];
    if (!pod || !shell) throw new Error(`there is no pod ${index}`);
    const { session, variables } = shell;
    const reply: Reply = {
      pod,
      step: `${variables}; ${step}`,
      exitCode: -1,
      data: [],
      said: '',
      startedAt: 0,
      endedAt: 0,
      tookMs: 0,
    };
    let up = 0;
    const said: string[] = [];
    for (;;) {
      const line = await session.nextLine();
      const [mark, ...fields] = (line ?? '').split(' ');
      if (line === undefined) {
        throw couldNotRun(
          'exec-ended',
          `the shell in pod ${pod.name} on ${pod.node} ended in the middle of a step${said.length > 0 ? `: ${said.join(' ')}` : ''}`,
          {
            remedy: `see whether the pod still runs: kubectl -n ${pod.namespace} describe pod ${pod.name}`,
          },
        );
      } else if (mark === '@start') {
        reply.startedAt = this.#options.clock.now();
        up = Number(fields[0]);
      } else if (mark === '@end') {
        reply.endedAt = this.#options.clock.now();
        reply.exitCode = Number(fields[0]);
        reply.tookMs = Math.round((Number(fields[1]) - up) * 1000);
        reply.said = said.join('\n');
        return reply;
      } else if (mark === '=') reply.data.push(fields.join(' '));
      else said.push(line);
    }
  }

  /**
   * A step that does not end is most often a process that the kernel holds in the file system: on a hard NFS mount
   * nothing ends it, so it is looked at from a second exec, and left.
   */
  async #lookAtProcesses(index: number, step: string): Promise<Late> {
    const pod = this.pods[index];
    if (!pod) throw new Error(`there is no pod ${index}`);
    const { kube, signal } = this.#options;
    const stats = await kube
      .exec(pod, { command: ['sh', '-c', 'cat /proc/[0-9]*/stat'], timeoutMs: 5000, signal })
      .catch(() => undefined);
    const stuck = (stats?.stdout ?? '').match(/^\d+ \(.*\) D(?= )/gm) ?? [];
    return new Late(pod, `${this.#shells[index]?.variables ?? ''}; ${step}`, stuck);
  }

  #tooLate(late: readonly Late[]): Error {
    const after = formatDuration(this.#options.stepMs);
    const hung = late.filter(({ stuck }) => stuck.length > 0);
    const nodes = listed((hung.length > 0 ? hung : late).map(({ pod }) => pod.node));
    if (hung.length === 0) {
      return timedOut(`a step on ${nodes} did not end within ${after}`, {
        remedy: 'run it again when the nodes are less busy, or look at what they do',
      });
    }
    return new Verdict({
      status: 'FAIL',
      code: 'io-hung',
      summary: `input and output of the volume hang on ${nodes}: after ${after} a process still waits in the kernel (state D)`,
      remedy: `see whether ${nodes} still reach the share's server; small writes that work and large ones that hang are an MTU fault`,
      evidence: hung.map(({ pod, step, stuck }) => ({
        node: pod.node,
        pod: pod.name,
        command: cut(step, 500),
        output: stuck.join('\n'),
      })),
    });
  }
}

/** A step that did not end in time, and the pod's processes that the kernel holds. */
class Late extends Error {
  readonly pod: RunPod;
  readonly step: string;
  readonly stuck: readonly string[];

  constructor(pod: RunPod, step: string, stuck: readonly string[]) {
    super(`${pod.name} is late`);
    this.pod = pod;
    this.step = step;
    this.stuck = stuck;
  }
}

/**
 * How much the steps really ran at the same time: the interval common to all, in percent of the longest.
 * 100 is full overlap, 0 means that some pod ended before another began.
 */
export function overlapPercent(replies: readonly Pick<Reply, 'startedAt' | 'endedAt'>[]): number {
  const common = Math.min(...replies.map((one) => one.endedAt)) - Math.max(...replies.map((one) => one.startedAt));
  const longest = Math.max(...replies.map((one) => one.endedAt - one.startedAt));
  return longest <= 0 ? 0 : Math.max(0, Math.round((common / longest) * 100));
}

/** What a reply is as evidence; long lines are cut. */
export function evidenceOf(reply: Reply, mount?: string): Evidence {
  return {
    node: reply.pod.node,
    pod: reply.pod.name,
    command: cut(reply.step, 500),
    exitCode: reply.exitCode,
    output: cut([...reply.data, reply.said].filter((text) => text !== '').join('\n'), 1000),
    ...(mount === undefined ? {} : { mount }),
  };
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

/** For the shell: in single quotes, whatever it holds. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
