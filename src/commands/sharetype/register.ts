import type { Registrar } from '../../cli.ts';

export function registerShareType({ root, handle }: Registrar): void {
  const shareType = root.command('sharetype').description('share types of Manila');
  handle(shareType.command('list').description('share types that this user sees'), () => import('./list.ts'));
  handle(
    shareType
      .command('show')
      .description('one share type: extra specs, projects and the pools that serve it')
      .argument('<name>', 'name or id'),
    () => import('./show.ts'),
  );
  handle(
    shareType
      .command('apply')
      .description('make and change share types as manila-rwx.yaml says')
      .option('--prune', 'delete types that were made by this file and are no longer in it')
      .option('--adopt', 'take over types that were not made by manila-rwx')
      .option('--force', 'make types also where no back end serves them now'),
    () => import('./apply.ts'),
  );
  handle(
    shareType
      .command('delete')
      .description('delete share types that no share uses')
      .argument('<names...>', 'names or ids')
      .option('--adopt', 'also types that were not made by manila-rwx'),
    () => import('./delete.ts'),
  );
}
