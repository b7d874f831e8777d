import { Option } from 'commander';
import type { Registrar } from '../../cli.ts';

export function registerInstall({ root, handle }: Registrar): void {
  handle(
    root
      .command('install')
      .description('install the CSI driver with a credential of its own, and wait until every node has it')
      .option('--project <name>', 'OpenStack project that owns the shares (default: credential.project of the file)')
      .option('--user <name>', '"create" for a service user, or the name for one (default: create)')
      .option(
        '--credential-cloud <name>',
        'clouds.yaml entry that makes the credential for itself, instead of a project',
      )
      .option('--driver-version <version>', 'version of Manila CSI (default: what is installed, or the newest)')
      .addOption(
        new Option(
          '--snapshots <mode>',
          'VolumeSnapshots: use what is there, install what is missing, or leave them out',
        ).choices(['auto', 'install', 'off']),
      )
      .option('--no-wait', 'do not wait until the driver is ready'),
    () => import('./install.ts'),
  );
}
