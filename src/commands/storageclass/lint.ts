import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { lint, type LintSubject } from '../../checks/lint/lint.ts';
import { readLive } from '../../checks/lint/live.ts';
import { readManifests } from '../../checks/lint/manifests.ts';
import { entriesOf } from '../../checks/lint/rules/secret.ts';
import type { LintWorld } from '../../checks/lint/types.ts';
import type { Context } from '../../core/context.ts';
import { CliError, configError, errnoOf, messageOf } from '../../core/errors.ts';
import { ExitCode } from '../../core/exit-codes.ts';
import { type CommandResult, result } from '../../core/result.ts';
import { SECRET_KEYS } from '../../drivers/secret-keys.ts';
import { Manila } from '../../openstack/manila.ts';
import { withCloud } from '../with-cloud.ts';
import { withCluster } from '../with-cluster.ts';

export interface LintOptions {
  offline?: boolean;
}

/** Classes and Secrets by the driver's own rules, from a file or from the cluster. Exit 1 where something is wrong. */
export async function run(ctx: Context, options: LintOptions, target?: string): Promise<CommandResult<'lint'>> {
  const text = target === undefined ? undefined : await readTarget(ctx, target);
  const found =
    text === undefined
      ? await withCluster(ctx, (kube) => readLive(kube, target, ctx.signal))
      : fromFile(readManifests(text, target === '-' ? 'stdin' : (target ?? '')));
  keepSecret(ctx, found.subjects);
  const cloud = options.offline ? 'share types and zones: --offline' : await readCloud(ctx, found.subjects);
  const world = typeof cloud === 'string' ? found.world : { ...found.world, cloud };
  const report = lint(found.subjects, world, [...found.notChecked, ...(typeof cloud === 'string' ? [cloud] : [])]);
  return result('lint', report, report.summary.errors > 0 ? ExitCode.Found : ExitCode.Done);
}

/** The text of a file, or of stdin for `-`; undefined where the argument is the name of a class. */
async function readTarget(ctx: Context, target: string): Promise<string | undefined> {
  if (target === '-') return ctx.io.readInput();
  const path = resolve(ctx.cwd, target);
  try {
    if ((await stat(path)).isFile()) return await readFile(path, 'utf8');
    return undefined;
  } catch (error) {
    // Names of classes have no slash, and what ends like a manifest is meant to be one.
    if (errnoOf(error) === 'ENOENT' && !/\/|\.(ya?ml|json)$/i.test(target)) return undefined;
    throw configError('manifest-unreadable', `cannot read ${target}: ${messageOf(error)}`, {
      remedy: 'check the path; `-` reads from stdin, and a name without slash is a class of the cluster',
      cause: error,
    });
  }
}

function fromFile(subjects: LintSubject[]): { subjects: LintSubject[]; world: LintWorld; notChecked: string[] } {
  return { subjects, world: {}, notChecked: [] };
}

/** No finding quotes a password, and nothing else prints one either. */
function keepSecret(ctx: Context, subjects: readonly LintSubject[]): void {
  for (const { object } of subjects) {
    if (object.kind !== 'Secret') continue;
    for (const [key, { value }] of entriesOf(object)) if (SECRET_KEYS[key]?.isSecret) ctx.secrets.add(value.trim());
  }
}

/** Share types and zones, if a cloud is chosen and answers; otherwise the sentence that says what was not checked. */
async function readCloud(
  ctx: Context,
  subjects: readonly LintSubject[],
): Promise<NonNullable<LintWorld['cloud']> | string> {
  if (!subjects.some(({ object }) => object.kind === 'StorageClass')) return { types: [], zones: [] };
  try {
    return await withCloud(ctx, async (session) => {
      const manila = await Manila.connect(session, ctx);
      const [types, zones] = await Promise.all([manila.listShareTypes(), manila.availabilityZones()]);
      return { types, zones };
    });
  } catch (error) {
    if (ctx.signal.aborted || !(error instanceof CliError)) throw error;
    return `share types and zones: ${error.message}`;
  }
}
