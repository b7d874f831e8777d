import { Command, Option } from 'commander';
import type { Context, DryRun, GlobalOptions, OutputFormat } from './core/context.ts';
import { parseDuration } from './core/duration.ts';
import { usageError } from './core/errors.ts';
import type { Verbosity } from './core/io.ts';
import type { CommandResult } from './core/result.ts';
import { VERSION } from './core/version.ts';
import { registerCommands } from './commands/register.ts';
import { formatHelp } from './help.ts';

/** A command line that was understood, ready to run. */
export interface Invocation {
  global: GlobalOptions;
  verbosity: Verbosity;
  colour: boolean;
  run(ctx: Context): Promise<CommandResult>;
}

export interface ProgramHost {
  stdout: (text: string) => void;
  stderr: (text: string) => void;
  /** Called by the action of the chosen command. Nothing runs before the whole command line is understood. */
  invoked: (invocation: Invocation) => void;
}

/** A command's handler: a module loaded only when the command runs. */
export type Handler<Options, Args extends unknown[] = []> = () => Promise<{
  run: (ctx: Context, options: Options, ...args: Args) => Promise<CommandResult>;
}>;

/** Registers handlers; see `src/commands/register.ts`. */
export interface Registrar {
  root: Command;
  /**
   * Makes `handler` the action of `command`. Options arrive in camel case; positional arguments follow them.
   * `required` of commander is used for arguments that a command cannot do without.
   */
  handle: <Options, Args extends unknown[]>(command: Command, handler: Handler<Options, Args>) => void;
}

/** OpenStack flags, by the variable each one stands for, in the words of `openstack --help`. */
const OPENSTACK_FLAGS: readonly [variable: string, text: string][] = [
  ['OS_CLOUD', 'cloud of clouds.yaml'],
  ['OS_AUTH_URL', 'Keystone address'],
  ['OS_AUTH_TYPE', 'password, token or v3applicationcredential'],
  ['OS_USERNAME', 'user name'],
  ['OS_USER_ID', 'user id'],
  ['OS_USER_DOMAIN_NAME', "name of the user's domain"],
  ['OS_USER_DOMAIN_ID', "id of the user's domain"],
  ['OS_PASSWORD', 'password (better kept in secure.yaml or the environment)'],
  ['OS_PROJECT_NAME', 'project name'],
  ['OS_PROJECT_ID', 'project id'],
  ['OS_PROJECT_DOMAIN_NAME', "name of the project's domain"],
  ['OS_PROJECT_DOMAIN_ID', "id of the project's domain"],
  ['OS_TOKEN', 'token, with --os-auth-type token'],
  ['OS_APPLICATION_CREDENTIAL_ID', 'application credential id'],
  ['OS_APPLICATION_CREDENTIAL_NAME', 'application credential name'],
  ['OS_APPLICATION_CREDENTIAL_SECRET', 'application credential secret'],
  ['OS_REGION_NAME', 'region'],
  ['OS_INTERFACE', 'endpoint interface: public, internal or admin'],
  ['OS_CACERT', 'CA bundle file'],
];

function flagOf(variable: string): string {
  return `--${variable.toLowerCase().replaceAll('_', '-')}`;
}

/** The command tree. Building it loads no command's code. */
export function buildProgram(host: ProgramHost): Command {
  const root = new Command('manila-rwx')
    .description('ReadWriteMany volumes on Kubernetes from OpenStack Manila')
    .version(VERSION, '--version', 'print the version')
    .showSuggestionAfterError(true)
    .exitOverride()
    .configureOutput({
      writeOut: host.stdout,
      writeErr: host.stderr,
      // The boundary prints errors; here they would appear twice.
      outputError: () => undefined,
    })
    .configureHelp({ formatHelp });
  addGlobalOptions(root);
  registerCommands({
    root,
    handle: (command, handler) => {
      command.action((...received: unknown[]) => {
        // commander passes the arguments, then the options, then the command itself.
        const args = received.slice(0, -2);
        const all = command.optsWithGlobals<Record<string, unknown>>();
        host.invoked({
          ...globalsFrom(all),
          run: async (ctx) => {
            const { run } = await (handler as unknown as Handler<unknown, unknown[]>)();
            return run(ctx, command.opts(), ...args);
          },
        });
      });
    },
  });
  return root;
}

function addGlobalOptions(root: Command): void {
  const global = (flags: string, text: string): Option => new Option(flags, text).helpGroup('Global options:');
  root
    .addOption(global('-f, --file <path>', 'configuration file (default: manila-rwx.yaml, if it is there)'))
    .addOption(
      global('-o, --output <format>', 'form of the result').choices(['table', 'json', 'yaml', 'name']).default('table'),
    )
    .addOption(global('-y, --yes', 'answer yes to every question'))
    .addOption(
      global('--dry-run [by]', 'show what would change: client compares, server also validates')
        .choices(['none', 'client', 'server'])
        .preset('client')
        .default('none'),
    )
    .addOption(global('--timeout <duration>', 'how long to wait, such as 90s or 5m'))
    .addOption(global('-q, --quiet', 'no progress, no notes'))
    .addOption(global('-v, --verbose', 'more detail'))
    .addOption(global('--debug', 'requests, and stacks of errors; never secrets'))
    .addOption(global('--no-color', 'no colour'))
    .addOption(global('--kubeconfig <path>', 'kubeconfig file').helpGroup('Kubernetes options:'))
    .addOption(global('--context <name>', 'context of the kubeconfig').helpGroup('Kubernetes options:'))
    .addOption(global('-n, --namespace <name>', 'namespace').helpGroup('Kubernetes options:'));
  for (const [variable, text] of OPENSTACK_FLAGS) {
    root.addOption(new Option(`${flagOf(variable)} <value>`, text).helpGroup('OpenStack options:'));
  }
}

function globalsFrom(all: Record<string, unknown>): Pick<Invocation, 'global' | 'verbosity' | 'colour'> {
  const text = (key: string): string | undefined => (typeof all[key] === 'string' ? all[key] : undefined);
  if (all.quiet === true && (all.verbose === true || all.debug === true)) {
    throw usageError('--quiet goes with neither --verbose nor --debug');
  }
  const optional = {
    file: text('file'),
    timeoutMs: text('timeout') === undefined ? undefined : parseDuration('--timeout', text('timeout') ?? ''),
    kubeconfig: text('kubeconfig'),
    context: text('context'),
    namespace: text('namespace'),
  };
  const openstack: Record<string, string> = {};
  for (const [variable] of OPENSTACK_FLAGS) {
    const value = text(new Option(flagOf(variable)).attributeName());
    if (value !== undefined) openstack[variable] = value;
  }
  return {
    global: {
      ...(Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)) as Partial<
        typeof optional
      > as object),
      output: all.output as OutputFormat,
      yes: all.yes === true,
      dryRun: all.dryRun as DryRun,
      debug: all.debug === true,
      openstack,
    },
    verbosity:
      all.quiet === true ? 'quiet' : all.debug === true ? 'debug' : all.verbose === true ? 'verbose' : 'normal',
    colour: all.color !== false,
  };
}
