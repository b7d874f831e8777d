import type { Registrar } from '../../cli.ts';

export function registerQuota({ root, handle }: Registrar): void {
  const quota = root.command('quota').description('quotas of Manila');
  handle(
    quota
      .command('show')
      .description('limits of a project, and what is used of them')
      .argument('[project]', 'name or id; the own project unless told')
      .option('--share-type <name>', 'the limits of one share type in the project'),
    () => import('./show.ts'),
  );
  handle(
    quota
      .command('apply')
      .description('set quotas as manila-rwx.yaml says; keys that it does not name stay')
      .option('--force', 'also below what is in use'),
    () => import('./apply.ts'),
  );
}
