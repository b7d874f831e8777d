import type { AuthStatus } from '../../openstack/auth-status.ts';
import type { View } from '../view.ts';

/** One fact a line, as `openstack token issue` and `kubectl config` people read it. */
export const authStatusView: View<'auth-status'> = {
  table(data, { chalk }) {
    const lines = rows(data);
    const width = Math.max(...lines.map(([name]) => name.length)) + 1;
    return lines.map(([name, value]) => `${chalk.bold(`${name}:`.padEnd(width))}  ${value}`).join('\n');
  },
};

function rows(data: AuthStatus): [string, string][] {
  const { project, manila, applicationCredential: credential } = data;
  const rest: [string, string | undefined][] = [
    ['Login', data.source],
    ['Keystone', data.authUrl],
    ['User', `${data.user.name} (domain ${data.user.domain}, id ${data.user.id})`],
    ['Project', project ? `${project.name} (domain ${project.domain}, id ${project.id})` : 'none'],
    ['Roles', data.roles.join(', ') || 'none'],
    ['Application credential', credential && `${credential.name}${credential.restricted ? '' : ' (unrestricted)'}`],
    ['Token', `valid until ${data.expiresAt}${data.tokenFile ? `, kept in ${data.tokenFile}` : ', not kept'}`],
    ['Region', data.region],
    ['Interface', data.interface],
    ['Manila', manila && `${manila.url} (${manila.type}), API ${manila.minVersion} to ${manila.maxVersion}`],
  ];
  return rest.filter((row): row is [string, string] => row[1] !== undefined);
}
