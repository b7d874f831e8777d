import type { View } from '../view.ts';

export const authLogoutView: View<'auth-logout'> = {
  table: ({ source, token }) =>
    token === 'none'
      ? `no token is kept for ${source}`
      : `logged out of ${source}: the token is ${token === 'revoked' ? 'revoked and forgotten' : 'forgotten (Keystone knew it no more)'}`,
};
