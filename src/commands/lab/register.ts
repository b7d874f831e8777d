import type { Command } from 'commander';
import type { Registrar } from '../../cli.ts';

export function registerLab({ root, handle }: Registrar): void {
  const lab = root.command('lab').description('an embedded cloud and cluster on loopback, to try everything on');

  handle(withFlags(lab.command('demo').description('the main job in front of your eyes')), () => import('./demo.ts'));
  handle(
    withFlags(lab.command('run').argument('<command...>', 'command and its arguments, after --')).description(
      'run a command in a lab of its own',
    ),
    () => import('./run.ts'),
  );
  handle(withFolder(withFlags(lab.command('up').description('start a lab that stays up'))), () => import('./up.ts'));
  handle(withFolder(lab.command('down').description('stop it')), () => import('./down.ts'));
  handle(withFolder(lab.command('status').description('is it up, and where')), () => import('./status.ts'));
  handle(
    withFolder(lab.command('env').description('shell lines that select it: eval "$(manila-rwx lab env)"')),
    () => import('./env.ts'),
  );
  handle(withFolder(withFlags(lab.command('serve', { hidden: true }))), () => import('./serve.ts'));
}

function withFlags(command: Command): Command {
  return command
    .option('--nodes <n>', 'nodes of the cluster', '3')
    .option(
      '--fault <spec>',
      'something that goes wrong, such as manila:POST:/v2/shares=503,times=2 or node:worker-1=mount-denied (repeatable)',
      (spec: string, before: string[]) => [...before, spec],
      [] as string[],
    )
    .option('--seed <n>', 'the same seed, the same faults', '1')
    .option('--keystone-port <port>', 'port on 127.0.0.1 (default: any free one)')
    .option('--manila-port <port>', 'port on 127.0.0.1 (default: any free one)')
    .option('--api-port <port>', 'port of Kubernetes on 127.0.0.1 (default: any free one)')
    .option('--manila-version <version>', 'newest microversion of Manila, such as 2.40, as on an older cloud')
    .option('--record <file>', 'append each distinct request to this file, as a line of JSON');
}

function withFolder(command: Command): Command {
  return command.option('--dir <folder>', 'folder of the lab; with another one a second lab runs beside the first');
}
