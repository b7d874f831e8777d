import type { Cluster } from '../cluster.ts';
import type { Container, Pod } from '../kinds.ts';
import { equal } from '../json.ts';
import { timestamp } from '../objects.ts';
import { ContainerLife, type Runner } from './container.ts';
import { containerEnv, expand } from './environment.ts';
import { podStatus } from './pod-status.ts';
import type { ProcessOptions, WriteFault } from './process.ts';
import type { ProgramRegistry } from './programs.ts';
import type { Host } from './host.ts';
import type { Reaper } from './reaper.ts';
import { MountError, PodVolumes, placeOf } from './volumes.ts';

export interface WorkerOptions {
  cluster: Cluster;
  pod: Pod;
  node: string;
  /** Folder of the pod's files. */
  folder: string;
  programs: ProgramRegistry;
  reaper: Reaper;
  /** Where the pod's processes really run. */
  machine: Host;
  /** The user that a container may be run as, where the lab may change to it. */
  userFor(uid: number | undefined, gid: number | undefined): { uid: number; gid: number } | undefined;
  addresses: { pod: string; host: string };
}

const MANAGER = 'kubelet';
/** Milliseconds between two tries to mount: half a second, doubled each time up to two minutes. */
const MOUNT_RETRY_MS = 500;
const MOUNT_RETRY_MAX_MS = 122_000;

/** Images that do nothing but run a shell. */
const SHELLS = /(^|\/)(busybox|alpine|debian|ubuntu|bash)(:|@|$)/;

/** Runs one pod on its node, from its volumes to its end. */
export class PodWorker {
  readonly #options: WorkerOptions;
  readonly #volumes: PodVolumes;
  readonly #init: ContainerLife[];
  readonly #containers: ContainerLife[];
  readonly #startTime = timestamp();
  readonly #stopped = new AbortController();
  #pod: Pod;
  #canRun = false;
  #isInitialized: boolean;
  #failure: { reason: string; message: string } | undefined;
  #isReporting = false;
  #deadline: NodeJS.Timeout | undefined;
  #ending: { graceMs: number; done: Promise<void> } | undefined;

  constructor(options: WorkerOptions) {
    const { pod, cluster, node, folder, programs } = options;
    this.#options = options;
    this.#pod = pod;
    this.#volumes = new PodVolumes({ cluster, drivers: programs, pod, node, folder });
    const policy = (pod.spec.restartPolicy ?? 'Always') as 'Always' | 'OnFailure' | 'Never';
    // An init container is repeated until it succeeds, unless the pod is never restarted.
    const initPolicy = policy === 'Never' ? 'Never' : 'OnFailure';
    this.#init = (pod.spec.initContainers ?? []).map((one) =>
      this.#life(one, one.restartPolicy === 'Always' ? 'Always' : initPolicy, 'spec.initContainers'),
    );
    this.#containers = pod.spec.containers.map((one) => this.#life(one, policy, 'spec.containers'));
    this.#isInitialized = this.#init.length === 0;
  }

  get pod(): Pod {
    return this.#pod;
  }

  /** What runs in it, by name of the container. */
  container(name: string): ContainerLife | undefined {
    return [...this.#containers, ...this.#init].find(({ spec }) => spec.name === name);
  }

  /** A function, as it changes while something is awaited. */
  #isStopped(): boolean {
    return this.#stopped.signal.aborted;
  }

  get writeFault(): WriteFault | undefined {
    return [...this.#containers]
      .flatMap(({ spec }) => this.#volumes.sharesOf(spec))
      .find(({ mounted }) => mounted.writeFault)?.mounted.writeFault;
  }

  /** Begins to run the pod. Never throws: what goes wrong is in the pod's status and events. */
  async start(): Promise<void> {
    const { activeDeadlineSeconds } = this.#pod.spec;
    if (activeDeadlineSeconds !== undefined) {
      this.#deadline = setTimeout(() => void this.#expire(), activeDeadlineSeconds * 1000);
    }
    if (this.#init.length > 0) for (const one of this.#containers) one.wait('PodInitializing');
    this.#report();
    await this.#mountVolumes();
    if (this.#isStopped()) return;
    this.#canRun = true;
    this.#report();
    await this.#runInit();
    if (!this.#isInitialized || this.#isStopped()) return;
    for (const one of this.#containers) one.run(() => this.#runner(one.spec));
  }

  /** The pod's object has changed. */
  update(pod: Pod): void {
    this.#pod = pod;
  }

  /** Ends the pod's containers; resolves when they have ended and its volumes are unmounted. */
  stop(graceMs: number): Promise<void> {
    if (this.#ending && this.#ending.graceMs <= graceMs) return this.#ending.done;
    const done = this.#stop(graceMs);
    this.#ending = { graceMs, done };
    return done;
  }

  /** How a command is started in a container. @throws MissingReference */
  processOptions(spec: Container, command: readonly string[]): ProcessOptions {
    const { cluster, reaper, machine } = this.#options;
    const shares = this.#volumes.sharesOf(spec);
    const env = containerEnv(cluster, this.#pod, spec, {
      shares,
      mountsFile: this.#volumes.mountsFile,
      mountinfoFile: this.#volumes.mountinfoFile,
      home: this.#volumes.root,
      machine,
    });
    const { runAsUser, runAsGroup } = { ...this.#pod.spec.securityContext, ...spec.securityContext };
    return {
      command,
      env,
      cwd: this.#volumes.root,
      user: this.#options.userFor(runAsUser, runAsGroup),
      writeFault: shares.find(({ mounted }) => mounted.writeFault)?.mounted.writeFault,
      reaper,
    };
  }

  async #mountVolumes(): Promise<void> {
    for (let wait = MOUNT_RETRY_MS; !this.#isStopped(); wait = Math.min(wait * 2, MOUNT_RETRY_MAX_MS)) {
      try {
        await this.#volumes.mount(this.#stopped.signal);
        return;
      } catch (error) {
        if (this.#isStopped()) return;
        const reason = error instanceof MountError ? error.reason : 'FailedMount';
        this.#say('Warning', reason, error instanceof Error ? error.message : String(error));
        await sleep(wait, this.#stopped.signal);
      }
    }
  }

  async #runInit(): Promise<void> {
    for (const one of this.#init) {
      if (this.#isStopped()) return;
      one.run(() => this.#runner(one.spec));
      const isSidecar = one.spec.restartPolicy === 'Always';
      while (isSidecar ? !one.isStarted : one.finalExit === undefined) {
        if (this.#isStopped()) return;
        await sleep(10, this.#stopped.signal);
      }
      if (!isSidecar && one.finalExit !== 0) {
        this.#report();
        return;
      }
    }
    this.#isInitialized = true;
    this.#report();
  }

  #life(spec: Container, restarts: 'Always' | 'OnFailure' | 'Never', list: string): ContainerLife {
    return new ContainerLife(this.#pod, spec, restarts, {
      changed: () => this.#report(),
      say: (type, reason, message) => this.#say(type, reason, message, `${list}{${spec.name}}`),
    });
  }

  #runner(spec: Container): Runner {
    const { cluster, node, programs } = this.#options;
    const pod = this.#pod;
    const options = this.processOptions(spec, []);
    const fill = (list: readonly string[] | undefined): string[] =>
      (list ?? []).map((text) => expand(text, options.env));
    const [command, args] = [fill(spec.command), fill(spec.args)];
    const program = programs.programFor(spec.image);
    const isShell = SHELLS.test(spec.image);
    const words = [...command, ...args];
    const isIdle = command.length === 0 && !(isShell && args.length > 0) && !isShell;
    return {
      program,
      context: { cluster, pod, container: spec, node, place: (path) => placeOf(pod, spec, node, path) },
      args: [...command.slice(1), ...args],
      env: options.env,
      process: () => (isIdle ? undefined : { ...options, command: words.length > 0 ? words : ['sh'] }),
    };
  }

  async #expire(): Promise<void> {
    const message = 'Pod was active on the node longer than the specified deadline';
    this.#failure = { reason: 'DeadlineExceeded', message };
    this.#say('Normal', 'DeadlineExceeded', message);
    this.#report();
    await this.#stopContainers((this.#pod.spec.terminationGracePeriodSeconds ?? 30) * 1000);
    this.#report();
  }

  async #stop(graceMs: number): Promise<void> {
    this.#stopped.abort();
    clearTimeout(this.#deadline);
    await this.#stopContainers(graceMs);
    await this.#volumes.unmount();
  }

  async #stopContainers(graceMs: number): Promise<void> {
    await Promise.all(this.#containers.map((one) => one.stop(graceMs)));
    // Sidecars end after what they served, the last to start first.
    for (const one of [...this.#init].reverse()) await one.stop(graceMs);
  }

  #say(type: 'Normal' | 'Warning', reason: string, message: string, fieldPath?: string): void {
    const { cluster, node } = this.#options;
    const source = { component: 'kubelet', host: node };
    cluster.event(this.#pod, source, { type, reason, message, ...(fieldPath !== undefined && { fieldPath }) });
  }

  /** Writes the status soon: several changes in one turn make one write. */
  #report(): void {
    if (this.#isReporting) return;
    this.#isReporting = true;
    setImmediate(() => {
      this.#isReporting = false;
      this.#write();
    });
  }

  #write(): void {
    const { cluster, addresses } = this.#options;
    const hasRun =
      this.#canRun &&
      (this.#pod.spec.hostNetwork === true || this.#containers.concat(this.#init).some((one) => one.isRunning));
    const written = cluster.edit(
      'Pod',
      this.#pod,
      MANAGER,
      (copy) => {
        const next = podStatus({
          pod: copy,
          init: this.#init.map(({ status }) => status),
          containers: this.#containers.map(({ status }) => status),
          isInitialized: this.#isInitialized,
          canRun: this.#canRun,
          failure: this.#failure,
          addresses: { host: addresses.host, pod: copy.status.podIP ?? (hasRun ? addresses.pod : undefined) },
          startTime: this.#startTime,
        });
        if (!equal(copy.status, next)) copy.status = next;
      },
      'status',
    );
    if (written) this.#pod = written;
  }
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
