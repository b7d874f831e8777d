import type { ControllerState, DriverState, NodeState } from '../../drivers/state.ts';
import type { CredentialReport } from '../../resources/credentials.ts';
import type { Style } from '../style.ts';
import { table } from '../table.ts';

/** The nodes of a driver, a line each, and its controller. */
export function driverLines({ driver, controller, nodes }: DriverState, style: Style): string[] {
  const rows = table<NodeState>(
    [
      { title: 'node', value: ({ name }) => name },
      { title: 'registered', value: ({ registered }) => (registered ? 'yes' : 'no') },
      {
        title: 'plugin',
        value: ({ pod, podReady }) => (pod === undefined ? 'none' : podReady ? 'ready' : 'not ready'),
      },
    ],
    nodes,
    style,
  );
  return [style.chalk.bold(`driver ${driver}`), rows, `controller: ${podsText(controller)}`];
}

/** `2 of 2 pods available` */
export function podsText({ available, wanted }: ControllerState): string {
  return `${available} of ${wanted} pods available`;
}

/** What is wrong with nodes and controller, a line each; nodes that no pod can be scheduled to are only told of. */
export function reasonLines({ controller, nodes }: DriverState, style: Style): string[] {
  return [
    ...nodes.flatMap(({ name, schedulable, reason }) =>
      reason === undefined ? [] : [schedulable ? style.chalk.red(`- ${name}: ${reason}`) : `- ${name}: ${reason}`],
    ),
    ...(controller.reason === undefined ? [] : [style.chalk.red(`- controller: ${controller.reason}`)]),
  ];
}

/** `credential: user manila-rwx-1a2b3c4d on project rwx, valid until 2027-05-22, limited to the driver's calls`. */
export function credentialLine({ user, project, expiresAt, limited }: CredentialReport): string {
  const until = expiresAt === undefined ? 'never ends' : `valid until ${expiresAt.slice(0, 10)}`;
  const rules = limited ? 'limited to the driver’s calls' : 'not limited by access rules';
  return `credential: user ${user} on project ${project}, ${until}, ${rules}`;
}

/** `versions: manila v1.36.0, nfs v4.13.4`. */
export function versionsLine(versions: Record<string, string>): string {
  return `versions: ${Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')}`;
}
