import type { KeystoneState } from './keystone/state.ts';

export const LAB_PASSWORD = 'secret';

/** Users of a fresh cloud, each with the project that is theirs. Admin has the role admin there, the others member. */
export const LAB_USERS = { admin: 'admin', alice: 'tenant-a', bob: 'tenant-b' } as const;
export type LabUserName = keyof typeof LAB_USERS;

/** Fills an empty Keystone: domain Default, roles that follow from each other, users, projects and the catalog. */
export function seedUsers(
  state: KeystoneState,
  options: {
    password: string;
    region: string;
    authUrl: string;
    manilaUrl: string;
    /** Service types under which Manila is found. */
    shareTypes: readonly string[];
  },
): void {
  state.domains.set('default', {
    id: 'default',
    name: 'Default',
    description: 'The default domain',
    enabled: true,
  });
  state.regions.set(options.region, { id: options.region, description: '' });
  const [admin, member, reader] = [
    state.addRole('admin', true),
    state.addRole('member', true),
    state.addRole('reader', true),
  ];
  const service = state.addRole('service');
  state.implied.push([admin.id, member.id], [member.id, reader.id]);
  for (const [name, projectName] of Object.entries(LAB_USERS)) {
    const isAdmin = name === 'admin';
    const project = state.addProject(projectName, isAdmin ? 'Bootstrap project for initializing the cloud.' : '');
    const user = state.addUser(name, options.password);
    state.assign(user.id, isAdmin ? admin.id : member.id, { project: project.id });
    if (isAdmin) state.assign(user.id, admin.id, { system: 'all' });
  }
  const services = state.addProject('service');
  const manila = state.addUser('manila', options.password);
  state.assign(manila.id, admin.id, { project: services.id });
  state.assign(manila.id, service.id, { project: services.id });
  state.addService('identity', 'keystone', options.authUrl, options.region);
  for (const type of options.shareTypes) state.addService(type, 'manilav2', options.manilaUrl, options.region);
}
