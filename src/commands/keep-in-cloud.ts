import { readConfig } from '../config/load.ts';
import type { ReadConfig } from '../config/types.ts';
import type { Context } from '../core/context.ts';
import { ExitCode } from '../core/exit-codes.ts';
import { type CommandResult, result } from '../core/result.ts';
import { Keystone } from '../openstack/identity-admin.ts';
import { Manila } from '../openstack/manila.ts';
import { refuseFile } from '../reconcile/faulty-file.ts';
import { planParts, reconcile, type Resource } from '../reconcile/reconcile.ts';
import { withSession } from './with-cloud.ts';

/** What a resource of the cloud is made from. */
export interface CloudParts {
  manila: Manila;
  keystone: Keystone;
  loaded: ReadConfig;
}

/** Makes one part of the file so, in Manila alone. Exit 1 where the cloud is too old for some of it. */
export async function keepInCloud<Observed, Op>(
  ctx: Context,
  resourceOf: (parts: CloudParts) => Resource<Observed, Op>,
): Promise<CommandResult<'change-set'>> {
  const loaded = await readConfig(ctx);
  const connected = <T>(work: (resource: Resource<Observed, Op>) => Promise<T>): Promise<T> =>
    withSession(ctx, loaded, async (session) => {
      const manila = await Manila.connect(session, ctx);
      return work(resourceOf({ manila, keystone: new Keystone(session), loaded }));
    });
  if (loaded.invalid) {
    return refuseFile(loaded.invalid, () =>
      connected((resource) => planParts(ctx, [{ name: '', resource: resource }])),
    );
  }
  const done = await connected((resource) => reconcile(ctx, resource));
  return result('change-set', done, done.leftOut ? ExitCode.Found : ExitCode.Done);
}
