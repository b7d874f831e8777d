import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Reads `+ GROUP` and `- GROUP`, and kills the groups that are left when its input ends: that is when the lab has
 * died, however it died. Written for any POSIX shell; of the ways to name a group to `kill`, dash, bash and ash all know
 * this one only.
 */
const SCRIPT = `
groups=' '
while read -r sign group; do
  case $sign in
    +) groups="$groups$group " ;;
    -) case $groups in *" $group "*) groups="\${groups%%" $group "*} \${groups#*" $group "}" ;; esac ;;
  esac
done
for group in $groups; do kill -9 "-$group"; done 2>/dev/null
exit 0
`;

/** Sees to it that no process of a pod outlives the lab, not even where the lab is killed. */
export class Reaper {
  #process: ChildProcess | undefined;

  /** Remembers a process group. */
  add(group: number): void {
    this.#start().stdin?.write(`+ ${group}\n`);
  }

  /** Forgets a process group that has ended. */
  remove(group: number): void {
    this.#process?.stdin?.write(`- ${group}\n`);
  }

  /** Ends it, with the groups that are left. */
  async stop(): Promise<void> {
    const running = this.#process;
    this.#process = undefined;
    if (!running || running.exitCode !== null) return;
    const ended = new Promise<void>((resolve) => running.once('exit', () => resolve()));
    running.stdin?.end();
    await ended;
  }

  #start(): ChildProcess {
    if (this.#process) return this.#process;
    // A session of its own: a Ctrl-C at the terminal is the lab's to answer, and must not end this one first.
    const started = spawn('/bin/sh', ['-c', SCRIPT], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    started.stdin.on('error', () => undefined);
    started.on('error', () => undefined);
    started.unref();
    this.#process = started;
    return started;
  }
}
