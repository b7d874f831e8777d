import type { Registrar } from '../../cli.ts';

export function registerVersion({ root, handle }: Registrar): void {
  handle(
    root.command('version').description('version of manila-rwx and of what runs it'),
    () => import('./version.ts'),
  );
}
