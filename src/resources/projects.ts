import { mapLimit } from '../core/concurrency.ts';
import { CliError, configError } from '../core/errors.ts';
import { OpenStackError } from '../openstack/errors.ts';
import type { Keystone, Project } from '../openstack/identity-admin.ts';
import type { Findings } from '../reconcile/findings.ts';

/** A project that the file names by name or id, and where. */
export interface NamedProject {
  name: string;
  place: () => string;
}

/** Projects by what the file calls them, each asked for once. Those that Keystone does not know are refused. */
export async function projectsAt(
  keystone: Keystone,
  named: readonly NamedProject[],
  findings: Findings,
): Promise<Map<string, Project>> {
  const places = new Map<string, () => string>();
  for (const { name, place } of named) if (!places.has(name)) places.set(name, place);
  const found = new Map<string, Project>();
  await mapLimit([...places], 8, async ([name, place]) => {
    const project = await findings.collect(() => placed(place, () => keystone.findProject(name)));
    if (project) found.set(name, project);
  });
  return found;
}

/** Runs a look-up; where the thing does not exist, the error says where the file names it. */
export async function placed<T>(place: () => string, lookUp: () => Promise<T>): Promise<T> {
  try {
    return await lookUp();
  } catch (error) {
    if (!(error instanceof CliError) || error instanceof OpenStackError) throw error;
    throw configError(error.code, `${place()}: ${error.message}`, { remedy: error.remedy, cause: error });
  }
}
