import type { Registrar } from '../../cli.ts';

export function registerAuth({ root, handle }: Registrar): void {
  const auth = root.command('auth').description('log in to OpenStack, and see who you are there');
  handle(auth.command('login').description('log in afresh and keep the token'), () => import('./login.ts'));
  handle(
    auth.command('status').description('user, project, roles and the Manila they lead to'),
    () => import('./status.ts'),
  );
  handle(
    auth.command('logout').description('revoke the token that is kept, and forget it'),
    () => import('./logout.ts'),
  );
}
