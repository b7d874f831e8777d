import type { LoadedConfig } from '../config/types.ts';
import { configError, usageError } from '../core/errors.ts';
import { didYouMean } from '../core/nearest.ts';
import { driversSection } from './drivers.ts';
import { quotasSection } from './quotas.ts';
import type { Section } from './section.ts';
import { shareTypesSection } from './share-types.ts';
import { storageClassesSection } from './storage-classes.ts';
import { tenantsSection } from './tenants.ts';

/** Every section, in the order in which they depend on each other. A new one is a file here and a line in this list. */
export const SECTIONS: readonly Section[] = [
  shareTypesSection,
  quotasSection,
  driversSection,
  storageClassesSection,
  tenantsSection,
];

/**
 * The sections that the file speaks of, narrowed by `--only`.
 * @param only names with commas between them.
 * @throws CliError `usage` for an unknown name, `no-section` (exit 2) for one that the file does not have.
 */
export function sectionsOf({ keys, path }: LoadedConfig, only: string | undefined): Section[] {
  const present = SECTIONS.filter((section) => section.keys.some((key) => keys.has(key)));
  if (only === undefined) return present;
  const names = only.split(',').map((name) => name.trim());
  const known = SECTIONS.map(({ name }) => name);
  for (const name of names) {
    if (!known.includes(name)) {
      throw usageError(`--only: there is no section ${JSON.stringify(name)}${didYouMean(name, known)}`, {
        remedy: `sections are ${known.join(', ')}`,
      });
    }
    if (!present.some((section) => section.name === name)) {
      throw configError('no-section', `--only: ${path ?? 'the file'} has no ${name}`, {
        remedy: `it has ${present.map((section) => section.name).join(', ') || 'none of the sections'}`,
      });
    }
  }
  return present.filter(({ name }) => names.includes(name));
}

/**
 * Of the sections of a faulty file those that can be looked at: what is found out about them holds whatever was meant
 * by the parts that are wrong.
 */
export function soundSections({ faulty }: LoadedConfig, sections: readonly Section[]): Section[] {
  if (!faulty) return [...sections];
  const isSound = (section: Section): boolean =>
    section.byEntry === true ||
    (!section.keys.some((key) => faulty([key])) &&
      SECTIONS.filter(({ name }) => section.builtOn?.includes(name)).every(
        ({ keys }) => !keys.some((key) => faulty([key])),
      ));
  return sections.filter((section) => !(section.needsCluster && faulty(['cluster'])) && isSound(section));
}
