import type { Registrar } from '../../cli.ts';

export function registerAccess({ root, handle }: Registrar): void {
  const access = root.command('access').description('access rules of shares');
  handle(
    access
      .command('sync')
      .description('let the nodes of today mount the volumes that exist; take away what this program made for others')
      .option('--share-clients <list>', '"nodes", or addresses and CIDRs (default: those of the file, or nodes)'),
    () => import('./sync.ts'),
  );
}
