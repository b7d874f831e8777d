import type { Registrar } from '../../cli.ts';

export function registerStorageClass({ root, handle }: Registrar): void {
  const storageClass = root.command('storageclass').description('StorageClasses that follow the share types of Manila');
  handle(
    storageClass
      .command('list')
      .description('classes of the driver, and whether they are in step with their share types'),
    () => import('./list.ts'),
  );
  handle(
    storageClass
      .command('sync')
      .description('make and keep a StorageClass for each share type that can work here')
      .option('--share-clients <list>', 'who may mount: addresses and CIDRs of the nodes, separated by commas')
      .option('--adopt', 'take over classes of others that have a name which is needed')
      .option('--take-default', 'take the mark of the default class from a class of others')
      .option('--watch', 'keep them in step until it is interrupted; what replaces or deletes a class waits for --yes')
      .option('--interval <duration>', 'with --watch: time between two looks at Manila (default: 1m)')
      .option(
        '--lease <name>',
        'with --watch: change things only while holding this Lease in the namespace of the drivers',
      )
      .option('--metrics-address <host:port>', 'with --watch: serve /metrics, /readyz and /healthz there')
      .option('--prune', 'delete classes whose share type is gone, if no volume uses them'),
    () => import('./sync.ts'),
  );
  handle(
    storageClass
      .command('lint')
      .description('check classes and Secrets by the driver’s own rules: of a file, or of the cluster')
      .argument('[file-or-name]', 'manifest (- for stdin), or name of a class (default: all classes of the driver)')
      .option('--offline', 'do not ask the cloud for share types and zones'),
    () => import('./lint.ts'),
  );
}
