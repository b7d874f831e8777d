import type { Registrar } from '../../cli.ts';
import { registerCredential } from './credential/register.ts';

export function registerAuth({ root, handle }: Registrar): void {
  const auth = root
    .command('auth')
    .description('log in to OpenStack, see who you are there, and keep the credentials of drivers and tenants');
  handle(auth.command('login').description('log in afresh and keep the token'), () => import('./login.ts'));
  handle(
    auth.command('status').description('user, project, roles and the Manila they lead to'),
    () => import('./status.ts'),
  );
  handle(
    auth.command('logout').description('revoke the token that is kept, and forget it'),
    () => import('./logout.ts'),
  );
  registerCredential(auth, { handle });
}
