import type { Container, ContainerState, ContainerStatus, Pod, Probe } from '../kinds.ts';
import { timestamp } from '../objects.ts';
import { LogBuffer } from './log-buffer.ts';
import type { Program, ProgramContext } from './programs.ts';
import { type LocalProcess, startProcess, type ProcessOptions } from './process.ts';

/** What a container runs: a program of the lab, or a process. */
export interface Runner {
  program?: ((context: ProgramContext) => Program) | undefined;
  context: Omit<ProgramContext, 'log' | 'exit' | 'signal' | 'args' | 'env'>;
  /** What to start; undefined for a container without a command, which idles until it is told to stop. */
  process: (() => ProcessOptions | undefined) | undefined;
  args: readonly string[];
  env: Record<string, string>;
}

export interface ContainerEvents {
  /** Something about the container changed that its pod's status shows. */
  changed(): void;
  say(type: 'Normal' | 'Warning', reason: string, message: string): void;
}

/** Milliseconds before a container that ended is started again: 10 s, doubled each time up to five minutes. */
const BACK_OFF_MS = 10_000;
const BACK_OFF_MAX_MS = 300_000;

/** One container of a pod: its runs, restarts, probes and logs. */
export class ContainerLife {
  readonly spec: Container;
  readonly #pod: Pod;
  readonly #events: ContainerEvents;
  readonly #restarts: 'Always' | 'OnFailure' | 'Never';
  #state: ContainerState = { waiting: { reason: 'ContainerCreating' } };
  #lastState: ContainerState = {};
  #restartCount = 0;
  #ready = false;
  #started = false;
  #id = '';
  #log = new LogBuffer();
  #previousLog: LogBuffer | undefined;
  #stopping: AbortController | undefined;
  #process: LocalProcess | undefined;
  /** Commands that clients run in it. */
  readonly #commands = new Set<LocalProcess>();
  #program: Program | undefined;
  #ended: Promise<void> = Promise.resolve();
  #finish: ((code: number, reason?: string, message?: string) => void) | undefined;
  #timers: NodeJS.Timeout[] = [];
  #isStopped = false;

  constructor(pod: Pod, spec: Container, restarts: 'Always' | 'OnFailure' | 'Never', events: ContainerEvents) {
    this.#pod = pod;
    this.spec = spec;
    this.#restarts = restarts;
    this.#events = events;
  }

  get status(): ContainerStatus {
    return {
      name: this.spec.name,
      state: this.#state,
      lastState: this.#lastState,
      ready: this.#ready,
      restartCount: this.#restartCount,
      image: this.spec.image,
      imageID: this.#id === '' ? '' : `sha256:${'0'.repeat(64)}`,
      ...(this.#id !== '' && { containerID: this.#id }),
      started: this.#started,
    };
  }

  get isStarted(): boolean {
    return this.#started;
  }

  get isRunning(): boolean {
    return this.#state.running !== undefined;
  }

  /** The end of the container's last run, once it will not be started again. */
  get finalExit(): number | undefined {
    const { terminated } = this.#state;
    return terminated && !this.#restartsAfter(terminated.exitCode) ? terminated.exitCode : undefined;
  }

  /** Waits with a reason, before the first run. */
  wait(reason: string, message?: string): void {
    this.#state = { waiting: { reason, ...(message !== undefined && { message }) } };
    this.#events.changed();
  }

  log(previous: boolean): LogBuffer {
    return previous ? (this.#previousLog ?? new LogBuffer()) : this.#log;
  }

  /** Runs a command in the container. It ends with the container, if not before. */
  exec(options: ProcessOptions): LocalProcess {
    const command = startProcess(options);
    this.#commands.add(command);
    void command.ended.then(() => this.#commands.delete(command));
    return command;
  }

  /** Starts the container; it is started again as its policy says. */
  run(makeRunner: () => Runner): void {
    if (this.#isStopped) return;
    this.#stopping = new AbortController();
    let runner: Runner;
    try {
      runner = makeRunner();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.wait('CreateContainerConfigError', message);
      this.#events.say('Warning', 'Failed', `Error: ${message}`);
      this.#later(2000, () => this.run(makeRunner));
      return;
    }
    this.#id = `lab://${crypto.randomUUID().replaceAll('-', '')}${crypto.randomUUID().replaceAll('-', '')}`;
    if (this.#restartCount > 0) {
      this.#previousLog = this.#log;
      this.#log = new LogBuffer();
    }
    const { image } = this.spec;
    this.#events.say(
      'Normal',
      'Pulled',
      `Container image ${JSON.stringify(image)} already present on machine and can be accessed by the pod`,
    );
    this.#events.say('Normal', 'Created', 'Container created');
    const startedAt = timestamp();
    this.#ended = new Promise((resolve) => {
      let isOver = false;
      this.#finish = (exitCode, reason, message) => {
        if (isOver) return;
        isOver = true;
        resolve();
        this.#onExit(startedAt, exitCode, reason, message, makeRunner);
      };
    });
    this.#start(runner, startedAt);
  }

  #start(runner: Runner, startedAt: string): void {
    const finish = this.#finish ?? (() => undefined);
    const options = runner.program ? undefined : runner.process?.();
    if (runner.program) {
      const context: ProgramContext = {
        ...runner.context,
        args: runner.args,
        env: runner.env,
        log: (line) => this.#log.write(`${line}\n`),
        exit: (code) => finish(code),
        signal: (this.#stopping ?? new AbortController()).signal,
      };
      this.#running(startedAt);
      this.#program = runner.program(context);
    } else if (options) {
      const running = startProcess(options);
      this.#process = running;
      running.stdout.on('data', (data: Buffer) => this.#log.write(data.toString()));
      running.stderr.on('data', (data: Buffer) => this.#log.write(data.toString()));
      running.stdin.end();
      this.#running(startedAt);
      void running.ended.then(({ exitCode, failure }) => {
        if (failure === undefined) finish(exitCode);
        else
          finish(
            128,
            'StartError',
            `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: ${failure}: unknown`,
          );
      });
    } else {
      this.#running(startedAt);
    }
    this.#probe();
  }

  #running(startedAt: string): void {
    this.#state = { running: { startedAt } };
    this.#started = this.spec.startupProbe === undefined;
    this.#ready = this.#started && this.spec.readinessProbe === undefined;
    this.#events.say('Normal', 'Started', 'Container started');
    this.#events.changed();
  }

  /** Runs probes by asking what the container is: a program says itself whether it is well, a process is if it runs. */
  #probe(): void {
    const { startupProbe, readinessProbe, livenessProbe } = this.spec;
    const passes = (): boolean => this.isRunning && (this.#program?.healthy?.() ?? true);
    const every = (probe: Probe | undefined): number => Math.min((probe?.periodSeconds ?? 10) * 1000, 1000);
    let failures = 0;
    if (startupProbe ?? readinessProbe) {
      this.#repeat(startupProbe ? 50 : every(readinessProbe), () => {
        const isWell = passes();
        if (!this.#started && isWell) this.#started = true;
        const isReady = this.#started && isWell;
        if (isReady === this.#ready) return;
        this.#ready = isReady;
        this.#events.changed();
      });
    }
    if (livenessProbe) {
      this.#repeat((livenessProbe.periodSeconds ?? 10) * 1000, () => {
        failures = passes() || !this.#started ? 0 : failures + 1;
        if (failures < (livenessProbe.failureThreshold ?? 3)) return;
        this.#events.say('Warning', 'Unhealthy', 'Liveness probe failed: HTTP probe failed with statuscode: 500');
        this.#events.say('Normal', 'Killing', `Container ${this.spec.name} failed liveness probe, will be restarted`);
        this.#kill('SIGTERM', 137);
      });
    }
  }

  #onExit(
    startedAt: string,
    exitCode: number,
    reason: string | undefined,
    message: string | undefined,
    makeRunner: () => Runner,
  ): void {
    this.#clearTimers();
    this.#log.close();
    this.#program?.stop?.();
    this.#program = undefined;
    // What the main process has left running ends with it, as everything in a container does.
    for (const one of [...[this.#process ?? []].flat(), ...this.#commands]) one.signal('SIGKILL');
    this.#process = undefined;
    this.#ready = false;
    this.#started = false;
    this.#state = {
      terminated: {
        exitCode,
        reason: reason ?? (exitCode === 0 ? 'Completed' : 'Error'),
        ...(message !== undefined && { message }),
        startedAt,
        finishedAt: timestamp(),
        containerID: this.#id,
      },
    };
    if (this.#isStopped || !this.#restartsAfter(exitCode)) {
      this.#events.changed();
      return;
    }
    this.#lastState = this.#state;
    const wait = Math.min(BACK_OFF_MS * 2 ** (this.#restartCount - 1), BACK_OFF_MAX_MS);
    this.#restartCount++;
    if (this.#restartCount === 1) {
      // The first restart comes at once.
      this.#events.changed();
      this.#later(20, () => this.run(makeRunner));
      return;
    }
    const { name, namespace = '', uid = '' } = this.#pod.metadata;
    const text = `back-off ${Math.round(wait / 1000)}s restarting failed container=${this.spec.name} pod=${name}_${namespace}(${uid})`;
    this.#state = { waiting: { reason: 'CrashLoopBackOff', message: text } };
    this.#events.say(
      'Warning',
      'BackOff',
      `Back-off restarting failed container ${this.spec.name} in pod ${name}_${namespace}(${uid})`,
    );
    this.#events.changed();
    this.#later(wait, () => this.run(makeRunner));
  }

  #restartsAfter(exitCode: number): boolean {
    return this.#restarts === 'Always' || (this.#restarts === 'OnFailure' && exitCode !== 0);
  }

  /** Asks the container to end, and kills it after `graceMs`. Resolves when it has ended. */
  async stop(graceMs: number): Promise<void> {
    this.#isStopped = true;
    if (!this.isRunning) {
      this.#clearTimers();
      return;
    }
    this.#events.say('Normal', 'Killing', `Stopping container ${this.spec.name}`);
    const killing = setTimeout(() => this.#kill('SIGKILL', 137), graceMs);
    if (graceMs <= 0) this.#kill('SIGKILL', 137);
    else this.#kill('SIGTERM', 0);
    await this.#ended;
    clearTimeout(killing);
  }

  #kill(signal: 'SIGTERM' | 'SIGKILL', exitCode: number): void {
    this.#stopping?.abort();
    if (this.#process) this.#process.signal(signal);
    else this.#finish?.(exitCode);
  }

  #repeat(everyMs: number, work: () => void): void {
    this.#timers.push(setInterval(work, everyMs));
  }

  #later(ms: number, work: () => void): void {
    this.#timers.push(setTimeout(work, ms));
  }

  #clearTimers(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
  }
}
