import type { Registrar } from '../../cli.ts';

export function registerUninstall({ root, handle }: Registrar): void {
  handle(
    root
      .command('uninstall')
      .description('remove the driver, its classes and its credential, once no volume needs them')
      .option('--crds', 'also remove the CRDs of VolumeSnapshots, where install made them and nobody uses them')
      .option('--keep-credential', 'leave user and credential at Keystone'),
    () => import('./uninstall.ts'),
  );
}
