import type { Registrar } from '../../cli.ts';

export function registerUpgrade({ root, handle }: Registrar): void {
  handle(
    root
      .command('upgrade')
      .description('move the installed drivers to another version, one node at a time, while volumes stay mounted')
      .option(
        '--driver-version <version>',
        'version of Manila CSI (default: drivers.version of the file, or the newest)',
      ),
    () => import('./upgrade.ts'),
  );
}
