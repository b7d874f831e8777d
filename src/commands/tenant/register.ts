import type { Registrar } from '../../cli.ts';

export function registerTenant({ root, handle }: Registrar): void {
  const tenant = root
    .command('tenant')
    .description('namespaces whose volumes belong to a project of their own, by a credential of their own');
  handle(
    tenant.command('list').description('each tenant: namespace, project, credential, classes, volumes'),
    () => import('./list.ts'),
  );
  handle(
    tenant
      .command('apply')
      .description('make the tenants as manila-rwx.yaml says')
      .option('--prune', 'revoke and delete what was made for tenants that are no longer in the file'),
    () => import('./apply.ts'),
  );
}
