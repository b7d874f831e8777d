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
      .description('make and change share types as manila-rwx.yaml says; deletes none')
      .option('--adopt', 'take over types that were not made by manila-rwx'),
    () => import('./apply.ts'),
  );
}
