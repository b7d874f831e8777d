import type { Command } from 'commander';
import type { Registrar } from '../../../cli.ts';

const TENANT = ['--tenant <namespace>', "the tenant's, by its namespace (default: the drivers' own)"] as const;

export function registerCredential(auth: Command, { handle }: Pick<Registrar, 'handle'>): void {
  const credential = auth
    .command('credential')
    .description('application credentials of the drivers and of tenants, limited to the calls that the driver makes');
  handle(
    credential
      .command('list')
      .description('every credential: whose it is, how long it lives, whether Keystone takes it'),
    () => import('./list.ts'),
  );
  handle(
    credential
      .command('create')
      .description('make the credential and its Secret, if they are not there or no longer good')
      .option(...TENANT)
      .option('--project <name>', 'OpenStack project that owns the shares (default: credential.project of the file)')
      .option('--user <name>', '"create" for a service user, or the name for one (default: create)')
      .option('--credential-cloud <name>', 'clouds.yaml entry that makes the credential for itself'),
    () => import('./create.ts'),
  );
  handle(
    credential
      .command('rotate')
      .description('replace the credential in its Secret, prove the new one by a claim, and revoke the old one')
      .option(...TENANT)
      .option('--no-canary', 'do not make, mount and delete a claim with the new credential')
      .option('--image <image>', 'image of the pod that mounts the claim; it needs a shell'),
    () => import('./rotate.ts'),
  );
  handle(
    credential
      .command('delete')
      .description('revoke the credential and delete its Secret, if no volume needs it')
      .option(...TENANT),
    () => import('./delete.ts'),
  );
}
