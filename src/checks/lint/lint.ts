import { isManilaDriver } from '../../drivers/names.ts';
import { LINT_RULES } from './registry.ts';
import { namedSecrets } from './rules/class-secrets.ts';
import { driverOf, meantDriver, ownerOfDriver } from './rules/provisioner.ts';
import { looksLikeOurs } from './rules/secret.ts';
import type { LintedKind, LintFinding, LintObject, LintReport, LintWorld } from './types.ts';

/** An object to look at, and where each of its fields stands. */
export interface LintSubject {
  object: LintObject;
  /** `file:line:column` of a field, or of its key; absent for an object of the cluster. */
  where?: (path: readonly string[], atKey: boolean) => string;
}

/** What is wrong with these objects by the rules of the driver and its sidecars. Pure. */
export function lint(subjects: readonly LintSubject[], world: LintWorld, notChecked: readonly string[]): LintReport {
  const report: LintReport = {
    objects: [],
    findings: [],
    notChecked: [...notChecked],
    summary: { errors: 0, warnings: 0 },
  };
  const referenced = new Set(
    subjects.flatMap(({ object }) =>
      !isManilaDriver(driverOf(object))
        ? []
        : namedSecrets(object).map(({ namespace, name }) => `${namespace}/${name}`),
    ),
  );
  for (const { object, where } of subjects) {
    const name = objectName(object);
    const place = where && { place: where(['metadata', 'name'], false) };
    const note = whyNotOurs(object, referenced);
    if (note !== undefined) {
      report.objects.push({ object: name, ...place, verdict: 'not-this-driver', note });
      continue;
    }
    const findings = findingsOf(object, world).map(({ path, atKey, id, severity, message, remedy }): LintFinding => ({
      id,
      severity,
      object: name,
      path: path.join('.'),
      ...(where && { place: where(path, atKey === true) }),
      message,
      remedy,
    }));
    const worst = findings.some(({ severity }) => severity === 'error')
      ? 'error'
      : findings.length > 0
        ? 'warning'
        : 'ok';
    report.objects.push({ object: name, ...place, verdict: worst });
    report.findings.push(...findings);
  }
  const count = (wanted: string): number => report.findings.filter(({ severity }) => severity === wanted).length;
  report.summary = { errors: count('error'), warnings: count('warning') };
  return report;
}

function findingsOf(object: LintObject, world: LintWorld) {
  const rules = LINT_RULES.filter(({ kinds }) => kinds.includes(object.kind as LintedKind));
  return rules.flatMap((rule) => [...rule.check(object, world)].map((fault) => ({ id: rule.id, ...fault })));
}

/** Said of an object that this driver never reads; undefined where it is the driver's. */
function whyNotOurs(object: LintObject, referenced: ReadonlySet<string>): string | undefined {
  if (object.kind === 'Secret') {
    const { namespace, name } = object.metadata;
    // A manifest without a namespace may be meant for any.
    const named = [...referenced].some(
      (one) => one === `${namespace ?? ''}/${name}` || (namespace === undefined && one.endsWith(`/${name}`)),
    );
    return named || looksLikeOurs(object)
      ? undefined
      : 'no key of it is one of Manila CSI’s, and no class here names it';
  }
  const driver = driverOf(object);
  if (isManilaDriver(driver) || meantDriver(driver) !== undefined) return undefined;
  return `it is not of this driver: ${driver || 'no provisioner'} is ${driver === '' ? 'there' : ownerOfDriver(driver)}`;
}

function objectName({ kind, metadata: { name, namespace } }: LintObject): string {
  return `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}
