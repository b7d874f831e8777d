import type { Command } from 'commander';
import type { Registrar } from '../../cli.ts';

/** Commands for everything that the file speaks of. */
export function registerFile({ root, handle }: Registrar): void {
  const withFlags = (command: Command): Command =>
    command
      .option(
        '--only <sections>',
        'shareTypes, quotas, drivers, storageClasses, tenants: a list with commas (default: all that the file has)',
      )
      .option('--prune', 'delete share types that were made by this file and are no longer in it, and their classes')
      .option('--adopt', 'take over share types that were not made by manila-rwx')
      .option('--force', 'also quotas below what is in use, and share types that no back end serves now');
  handle(
    withFlags(root.command('plan').description('show what would change to make everything as manila-rwx.yaml says')),
    () => import('./plan.ts'),
  );
  handle(
    withFlags(root.command('diff').description('as plan; exit 1 where anything differs, 0 where nothing does')),
    () => import('./diff.ts'),
  );
  handle(
    withFlags(root.command('apply').description('make everything as manila-rwx.yaml says')).option(
      '--no-wait',
      'do not wait until the drivers are ready',
    ),
    () => import('./apply.ts'),
  );
}
