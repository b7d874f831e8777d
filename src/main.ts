import { setMaxListeners } from 'node:events';
import { homedir } from 'node:os';
import { CommanderError } from 'commander';
import { buildProgram, type Invocation } from './cli.ts';
import { type Clock, systemClock } from './core/clock.ts';
import type { Context, Env, GlobalOptions } from './core/context.ts';
import { CliError, Interrupted, messageOf, usageError } from './core/errors.ts';
import { ExitCode } from './core/exit-codes.ts';
import { type Input, Io, type Output } from './core/io.ts';
import { SecretStore } from './core/redaction.ts';
import type { CommandResult } from './core/result.ts';

/** The process as the program sees it. Tests hand in their own. */
export interface Host {
  argv: readonly string[];
  env: Env;
  cwd: string;
  home: string;
  stdin: Input;
  stdout: Output;
  stderr: Output;
  clock: Clock;
  /** Aborted with an `Interrupted` by the first and the second signal. */
  interrupts: { soft: AbortSignal; hard: AbortSignal };
}

/**
 * The one boundary: runs a command line and returns the exit code. Only here are results and errors printed.
 * @returns one of {@link ExitCode}; never throws.
 */
export async function run(host: Host): Promise<ExitCode> {
  const secrets = new SecretStore();
  let invocation: Invocation | undefined;
  const program = buildProgram({
    stdout: (text) => void host.stdout.write(text),
    stderr: (text) => void host.stderr.write(text),
    invoked: (found) => {
      invocation = found;
    },
  });
  try {
    await program.parseAsync(host.argv, { from: 'user' });
    if (!invocation) return ExitCode.Done;
    const ctx = createContext(host, invocation, secrets);
    const result = await invocation.run(ctx);
    await printResult(host, invocation, result, secrets);
    return result.exitCode ?? ExitCode.Done;
  } catch (error) {
    return await printFailure(host, invocation, error, secrets);
  }
}

function createContext(host: Host, { global, verbosity, colour }: Invocation, secrets: SecretStore): Context {
  const terminal = host.stderr.isTTY === true && host.env.TERM !== 'dumb';
  const inPipeline = host.env.CI !== undefined && host.env.CI !== '' && host.env.CI !== 'false';
  const plain = !colour || (host.env.NO_COLOR !== undefined && host.env.NO_COLOR !== '');
  return {
    io: new Io({
      stdin: host.stdin,
      stdout: host.stdout,
      stderr: host.stderr,
      clock: host.clock,
      secrets,
      verbosity,
      interactive: terminal && host.stdin.isTTY === true && !inPipeline && !global.yes,
      // On a terminal that says it is 0 columns wide (a pty that nobody has sized) ora would clear lines without end.
      fancy: terminal && !inPipeline && !plain && host.stderr.columns !== 0,
    }),
    env: host.env,
    cwd: host.cwd,
    home: host.home,
    clock: host.clock,
    secrets,
    global,
    signal: host.interrupts.soft,
    hardSignal: host.interrupts.hard,
  };
}

async function printResult(
  host: Host,
  { global, colour, verbosity }: Invocation,
  result: CommandResult,
  secrets: SecretStore,
) {
  const [{ render }, { styleFor, wantsColour }] = await Promise.all([
    import('./report/render.ts'),
    import('./report/style.ts'),
  ]);
  const style = styleFor(
    host.stdout,
    wantsColour(host.stdout, host.env, colour),
    ['verbose', 'debug'].includes(verbosity),
  );
  await write(host.stdout, secrets.clean(await render(result, global.output, style)));
}

async function printFailure(host: Host, invocation: Invocation | undefined, thrown: unknown, secrets: SecretStore) {
  // Help and version were printed by commander; a noun without its verb gets its help too, and that was not it.
  if (thrown instanceof CommanderError && thrown.exitCode === 0) return ExitCode.Done;
  if (thrown instanceof CommanderError && thrown.code === 'commander.help') return ExitCode.Usage;
  const error = asCliError(thrown, host.interrupts.soft);
  const output = invocation?.global.output ?? 'table';
  try {
    if (output === 'json' || output === 'yaml') {
      const { renderFailure } = await import('./report/render.ts');
      await write(host.stdout, secrets.clean(await renderFailure(error, output)));
    } else if (error.result && invocation) {
      await printResult(host, invocation, error.result, secrets);
    }
  } catch (second) {
    host.stderr.write(`error: ${secrets.clean(messageOf(second))}\n`);
  }
  host.stderr.write(secrets.clean(errorText(error, invocation?.global)));
  return error.exitCode;
}

/** `error: <what failed> (request id ...)`, then the remedy on a line of its own, then the stack with --debug. */
function errorText(error: CliError, global: GlobalOptions | undefined): string {
  const lines = [`error: ${error.message}${error.requestId ? ` (request id ${error.requestId})` : ''}`];
  if (error.remedy) lines.push(`  ${error.remedy.replaceAll('\n', '\n  ')}`);
  if (global?.debug) {
    for (let cause: unknown = error; cause instanceof Error; cause = cause.cause)
      lines.push(cause.stack ?? cause.message);
  }
  return `${lines.join('\n')}\n`;
}

function asCliError(thrown: unknown, soft: AbortSignal): CliError {
  const interrupt: unknown = soft.aborted ? soft.reason : thrown;
  if (interrupt instanceof Interrupted) {
    const result = thrown instanceof CliError ? thrown.result : undefined;
    const told = thrown instanceof CliError && ['left-behind', 'stopped'].includes(thrown.code) ? thrown : undefined;
    return new CliError({
      code: interrupt.message,
      exitCode: interrupt.exitCode,
      message: told ? `${interrupt.message}: ${told.message}` : interrupt.message,
      remedy: told?.remedy,
      cause: thrown,
      result,
    });
  }
  if (thrown instanceof CliError) return thrown;
  if (thrown instanceof CommanderError) return usageFromCommander(thrown);
  if (isPromptExit(thrown)) {
    return new CliError({ code: 'interrupted', exitCode: ExitCode.Interrupted, message: 'interrupted', cause: thrown });
  }
  return new CliError({
    code: 'internal',
    exitCode: ExitCode.CouldNotRun,
    message: `manila-rwx met a case that it does not know: ${messageOf(thrown)}`,
    remedy: 'run it again with --debug and report what it prints; this is a fault of manila-rwx',
    cause: thrown,
  });
}

/** commander's own messages, such as `error: unknown option '--nods'\n(Did you mean --nodes?)`, as one of ours. */
function usageFromCommander(error: CommanderError): CliError {
  const [message = '', ...more] = error.message.replace(/^error: /, '').split('\n');
  const hint = more
    .join(' ')
    .trim()
    .replace(/^\(|\)$/g, '');
  return usageError(message, { remedy: hint || 'see `manila-rwx --help`', cause: error });
}

/** Ctrl-C in a prompt, by name: several copies of inquirer's core may be loaded. */
function isPromptExit(thrown: unknown): boolean {
  return thrown instanceof Error && (thrown.name === 'ExitPromptError' || thrown.name === 'AbortPromptError');
}

async function write(stream: Output, text: string): Promise<void> {
  if (text === '') return;
  await new Promise<void>((resolve, reject) => {
    stream.write(text, (error) => (error ? reject(error) : resolve()));
  });
}

/** Runs the program in this process: connects signals, standard streams and the exit code. */
export async function start(): Promise<void> {
  const soft = new AbortController();
  const hard = new AbortController();
  // Every request under way listens; that many are no leak.
  setMaxListeners(0, soft.signal, hard.signal);
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (soft.signal.aborted) hard.abort(new Interrupted(name));
      else soft.abort(new Interrupted(name));
    });
  }
  // A reader that goes away (`| head`) is not an error worth a word.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(ExitCode.BrokenPipe);
    throw error;
  });
  process.exitCode = await run({
    argv: process.argv.slice(2),
    env: process.env,
    cwd: process.cwd(),
    home: homedir(),
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    clock: systemClock,
    interrupts: { soft: soft.signal, hard: hard.signal },
  });
  // Keep-alive sockets and an abandoned exec must not keep a finished program alive.
  process.stdout.write('', () => process.stderr.write('', () => process.exit()));
}
