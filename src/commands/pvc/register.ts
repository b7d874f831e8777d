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
}
