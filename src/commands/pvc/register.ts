import { Option } from 'commander';
import type { Registrar } from '../../cli.ts';

export function registerPvc({ root, handle }: Registrar): void {
  const pvc = root.command('pvc').description('claims for volumes');
  handle(
    pvc
      .command('create')
      .description('make a claim and wait until it is bound')
      .argument('<name>', 'name of the claim')
      .option('--size <quantity>', 'size of the volume', '1Gi')
      .addOption(
        new Option('--access-mode <mode>', 'how many may mount it')
          .choices(['ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod', 'ReadOnlyMany'])
          .default('ReadWriteMany'),
      )
      .option('--storage-class <name>', 'StorageClass (default: the default class, or the only one of the driver)')
      .option('--no-wait', 'do not wait until it is bound'),
    () => import('./create.ts'),
  );
  handle(
    pvc
      .command('import')
      .description('make a share that exists a volume with a claim; it is kept when the claim goes')
      .argument('<share>', 'id or name of the share, in the drivers’ project')
      .argument('[name]', 'name of the claim (default: the name of the share)')
      .addOption(
        new Option('--access-mode <mode>', 'who may write')
          .choices(['ReadWriteMany', 'ReadOnlyMany'])
          .default('ReadWriteMany'),
      )
      .option('--share-clients <list>', 'who may mount, if the share’s rules do not let the nodes in')
      .option('--no-wait', 'do not wait until it is bound'),
    () => import('./import.ts'),
  );
  handle(
    pvc
      .command('diagnose')
      .description('why a claim is not bound, or its pod does not start: one cause and what to do')
      .argument('<name>', 'name of the claim'),
    () => import('./diagnose.ts'),
  );
}
