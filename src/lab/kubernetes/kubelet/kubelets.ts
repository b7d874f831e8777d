import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { FaultPlan } from '../../faults.ts';
import type { Cluster } from '../cluster.ts';
import type { Pod } from '../kinds.ts';
import { ApiError } from '../status.ts';
import { PodWorker } from './pod-worker.ts';
import type { Host } from './host.ts';
import type { ProgramRegistry } from './programs.ts';
import { Reaper } from './reaper.ts';
import { ShareFolders } from './share-folders.ts';
import type { LogOptions, PodRuntime, RunningCommand } from './runtime.ts';

export interface KubeletsOptions {
  cluster: Cluster;
  folder: string;
  faults: FaultPlan;
  host: Host;
}

/** The kubelets of all nodes: run pods that are bound to them, and give the API server their processes and logs. */
export class Kubelets implements PodRuntime {
  readonly shares: ShareFolders;
  readonly #options: KubeletsOptions;
  readonly #workers = new Map<string, PodWorker>();
  readonly #reaper = new Reaper();
  readonly #nodes = new Map<string, number>();
  readonly #users = new Map<number, boolean>();
  #programs: ProgramRegistry | undefined;
  #podNumber = 1;
  #isStopped = false;

  constructor(options: KubeletsOptions) {
    this.#options = options;
    this.shares = new ShareFolders(options.folder);
    mkdirSync(join(options.folder, 'pods'), { recursive: true, mode: 0o755 });
  }

  get faults(): FaultPlan {
    return this.#options.faults;
  }

  get reaper(): Reaper {
    return this.#reaper;
  }

  start(nodes: readonly string[], programs: ProgramRegistry): void {
    this.#programs = programs;
    for (const [index, name] of nodes.entries()) this.#nodes.set(name, index + 1);
    const { cluster } = this.#options;
    cluster.on(['Pod'], ({ object, type }) => {
      if (type === 'DELETED') void this.#remove(object as Pod);
      else this.#sync(object as Pod);
    });
    for (const pod of cluster.list('Pod')) this.#sync(pod);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.all([...this.#workers.values()].map((worker) => worker.stop(0)));
    this.#workers.clear();
    await this.#reaper.stop();
  }

  exec(
    pod: Pod,
    container: string,
    command: readonly string[],
    { stdin }: { stdin: boolean; tty: boolean },
  ): RunningCommand {
    const worker = this.#workers.get(pod.metadata.uid ?? '');
    const life = worker?.container(container);
    if (!worker || !life?.isRunning) return refused(`container not found (${JSON.stringify(container)})`);
    const oci = (why: string): string =>
      `error executing command in container: failed to exec in container: failed to start exec ${JSON.stringify(life.status.containerID?.slice(6) ?? '')}: OCI runtime exec failed: exec failed: ${why}: unknown`;
    if (command.length === 0) return refused(oci('args must not be empty'));
    const running = life.exec(worker.processOptions(life.spec, command));
    if (!stdin) running.stdin.end();
    return {
      stdin: running.stdin,
      stdout: running.stdout,
      stderr: running.stderr,
      ended: running.ended.then(({ exitCode, failure }) =>
        failure === undefined ? { exitCode } : { failure: oci(`unable to start container process: ${failure}`) },
      ),
      // The command lives on when its client goes away, as it does in a container; only its input ends.
      hangUp: () => running.stdin.end(),
    };
  }

  async *log(pod: Pod, options: LogOptions): AsyncGenerator<string, void, undefined> {
    const life = this.#workers.get(pod.metadata.uid ?? '')?.container(options.container);
    if (!life) throw new ApiError(404, 'NotFound', `container ${JSON.stringify(options.container)} is gone`);
    yield* life.log(options.previous).read(options);
  }

  #sync(pod: Pod): void {
    const { uid = '', deletionTimestamp } = pod.metadata;
    const { nodeName } = pod.spec;
    if (this.#isStopped || nodeName === undefined || !this.#nodes.has(nodeName)) return;
    const worker = this.#workers.get(uid);
    if (worker) {
      worker.update(pod);
      if (deletionTimestamp !== undefined) void this.#end(pod, worker);
      return;
    }
    const isEnded = pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed';
    if (deletionTimestamp !== undefined) this.#options.cluster.delete('Pod', pod, { gracePeriodSeconds: 0 });
    else if (!isEnded) this.#begin(pod, nodeName);
  }

  #begin(pod: Pod, node: string): void {
    const { cluster, folder, host: machine } = this.#options;
    const programs = this.#programs;
    if (!programs) return;
    const { uid = '' } = pod.metadata;
    const host = cluster.get('Node', undefined, node)?.status.addresses?.[0]?.address ?? '';
    const number = this.#podNumber++;
    const own = `10.244.${this.#nodes.get(node) ?? 0}.${(number % 250) + 2}`;
    const worker = new PodWorker({
      cluster,
      pod,
      node,
      folder: join(folder, 'pods', uid),
      programs,
      reaper: this.#reaper,
      machine,
      userFor: (user, group) => this.#userFor(user, group),
      addresses: { host, pod: pod.spec.hostNetwork ? host : own },
    });
    this.#workers.set(uid, worker);
    void worker.start();
  }

  async #end(pod: Pod, worker: PodWorker): Promise<void> {
    await worker.stop((pod.metadata.deletionGracePeriodSeconds ?? 30) * 1000);
    const { uid = '' } = pod.metadata;
    if (this.#workers.get(uid) !== worker) return;
    this.#workers.delete(uid);
    if (!this.#isStopped) this.#options.cluster.delete('Pod', pod, { gracePeriodSeconds: 0 });
  }

  /** The object is gone, by force; what ran for it has to go too. */
  async #remove(pod: Pod): Promise<void> {
    const { uid = '' } = pod.metadata;
    const worker = this.#workers.get(uid);
    this.#workers.delete(uid);
    await worker?.stop(0);
  }

  /**
   * The user that a container asks for, where the lab may change to it and that user reaches the lab's folder.
   * Everywhere else containers run as the lab's own user.
   */
  #userFor(uid: number | undefined, gid: number | undefined): { uid: number; gid: number } | undefined {
    if (process.getuid?.() !== 0 || uid === undefined || uid === 0) return undefined;
    let reaches = this.#users.get(uid);
    if (reaches === undefined) {
      chmodSync(this.#options.folder, 0o755);
      reaches =
        spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', join(this.#options.folder, 'pods')], { uid, gid: gid ?? uid })
          .status === 0;
      this.#users.set(uid, reaches);
    }
    return reaches ? { uid, gid: gid ?? uid } : undefined;
  }
}

function refused(failure: string): RunningCommand {
  const empty = (): PassThrough => new PassThrough().end();
  return {
    stdin: new PassThrough(),
    stdout: empty(),
    stderr: empty(),
    ended: Promise.resolve({ failure }),
    hangUp: () => undefined,
  };
}
