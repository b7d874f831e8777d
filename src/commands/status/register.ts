import type { Registrar } from '../../cli.ts';

export function registerStatus({ root, handle }: Registrar): void {
  handle(
    root
      .command('status')
      .description('how the driver stands on every node, and whether its credential works (exit 1 if not)')
      .option('--wait', 'wait until the driver is ready'),
    () => import('./status.ts'),
  );
}
