import type { Registrar } from '../../cli.ts';

export function registerOrphans({ root, handle }: Registrar): void {
  handle(
    root
      .command('orphans')
      .description('shares, volumes and snapshots that lost their other half (exit 1 if there are any)')
      .option('--delete', 'delete the shares and snapshots that are surely of this cluster and in nobody’s use'),
    () => import('./orphans.ts'),
  );
}
